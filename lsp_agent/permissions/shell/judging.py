"""The judgement of a shell line: every check on every part, whatever else was found.

The line is read once, by `mcp_tools.code.commands.script`, from which also comes what runs.
Nothing here lets a line pass: it is of low risk if all of its checks find nothing.
"""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from lsp_agent.permissions.shell.checks import characters, paths, programs, redirections, words
from lsp_agent.permissions.shell.checks.check import LineCheck, Part, PartCheck
from lsp_agent.permissions.shell.checks.limits import (
    MAX_COMMANDS,
    MAX_CPU_S,
    limits,
    took_too_long,
)
from lsp_agent.permissions.shell.checks.syntax import syntax
from lsp_agent.permissions.shell.folders import Placed, placed
from lsp_agent.permissions.shell.judgement import Finding, LineJudgement, PartJudgement
from lsp_agent.permissions.shell.running import by_model, found_program
from lsp_agent.permissions.shell.shells import other_shell
from lsp_agent.permissions.shell.world import World
from mcp_tools.code.commands.script import read_script

LINE_CHECKS: tuple[LineCheck, ...] = (
    limits,
    characters.control_characters,
    characters.hidden_characters,
    characters.unicode_blanks,
    characters.newline,
    syntax,
)
"""About the line as a whole; no rule of the user outweighs what they find."""

MAKING_CHECKS: tuple[PartCheck, ...] = (
    words.expansions,
    words.quoting,
    words.command_word,
    words.glob_into_flags,
    words.environment_prefix,
    redirections.redirections,
    characters.look_alikes,
)
"""About how a part is made: the same."""

DOING_CHECKS: tuple[PartCheck, ...] = (
    programs.destructive,
    found_program,
)
"""About what a part does, beside its model: a rule of the user can outweigh them."""

NAME_CHECKS: tuple[PartCheck, ...] = (
    programs.unknown_program,
    programs.shell_state,
    programs.network,
    programs.privilege,
    programs.interpreter,
    programs.executing_flag,
    paths.word_findings,
    paths.made_links,
)
"""The same, for a program that has no model: what its name and words alone tell."""


def judge_line(line: str, cwd: Path, root: Path, world: World) -> LineJudgement:
    """Judge a line that would run in `cwd`, both canonical; it raises nothing."""
    started_at = time.thread_time()
    script = read_script(line)
    structure = [found for check in LINE_CHECKS for found in check(script)]
    structure += other_shell(script, cwd, root, world)
    structure += paths.folder_findings(cwd, root)
    parts: list[PartJudgement] = []
    for number, place in enumerate(placed(script, cwd, root, world)):
        structure += place.findings
        does: list[Finding] = []
        if time.thread_time() - started_at > MAX_CPU_S:
            structure.append(took_too_long())
        elif number < MAX_COMMANDS:  # Beyond, only its words count: there may be a rule against it.
            structure += _found(MAKING_CHECKS, place)
            does += _found((*DOING_CHECKS, _knowing), place)
        parts.append(PartJudgement(words=place.words, findings=tuple(does)))
    return LineJudgement(line=line, parts=tuple(parts), structure=tuple(dict.fromkeys(structure)))


def _knowing(part: Part) -> Iterator[Finding]:
    """Find what the model of a program says, or else what is known by its name."""
    found = by_model(part)
    if found is None:
        found = (each for check in NAME_CHECKS for each in check(part))
    yield from found


def _found(checks: Iterable[PartCheck], place: Placed) -> list[Finding]:
    """Give what checks find in a part, in whichever of its folders."""
    found = (each for check in checks for part in place.parts for each in check(part))
    return list(dict.fromkeys(found))
