"""What a command runs: the program that its first word finds, judged by the model of it."""

import os
from collections.abc import Iterator
from pathlib import Path

from lsp_agent.permissions.shell.checks.check import Check, Part
from lsp_agent.permissions.shell.checks.paths import UNKNOWN_FOLDER
from lsp_agent.permissions.shell.folders import words_of
from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check as ModelCheck
from lsp_agent.permissions.shell.programs.registry import model_of
from mcp_tools.code.commands.script import BUILTINS

MISSING_PROGRAM = Check(name="missing-program", meaning="a program that is not installed")
WORKSPACE_PROGRAM = Check(
    name="workspace-program", meaning="a program that lies in the workspace: its code decides"
)
PROGRAM_BY_PATH = Check(
    name="program-by-path", meaning="a path to another program than the name alone would run"
)


def found_program(part: Part) -> Iterator[Finding]:
    """Find programs of the workspace, and those at a place that PATH does not name."""
    words = words_of(part)
    if not words or words[0] in BUILTINS:
        return
    word, name = words[0], part.name
    if part.cwd is None:
        yield UNKNOWN_FOLDER.high(part.text)
        return
    path = part.world.program(word, part.cwd)
    if path is None:
        yield MISSING_PROGRAM.medium(word)
        return
    real = part.world.real(path)
    if any(each.is_relative_to(part.root) for each in (Path(os.path.normpath(path)), real)):
        yield WORKSPACE_PROGRAM.medium(f"{word} is {path}")
    elif word != name:
        usual = part.world.program(name, part.cwd)
        if usual is None or part.world.real(usual) != real:
            yield PROGRAM_BY_PATH.high(f"{word} is {real}")


def by_model(part: Part) -> tuple[Finding, ...] | None:
    """Give what the model of a program finds in its words; None if there is none.

    A model that only knows how an interpreter or a build tool tells its version is none for more.
    """
    words, model = words_of(part), model_of(part.name)
    if model is None or not words:
        return None
    if part.cwd is None:
        return (UNKNOWN_FOLDER.high(part.text),)
    invocation = Invocation(
        program=part.name,
        arguments=words[1:],
        cwd=part.cwd,
        root=part.root,
        world=part.world,
        has_piped_input=part.has_piped_input,
    )
    found = tuple(model.judge(invocation))
    knows_it = all(each.check != ModelCheck.INTERPRETER for each in found)
    return found if knows_it else None
