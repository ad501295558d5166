"""Where each command of a line runs, after the `cd` before it.

All folders are followed in which a command could find itself: `cd a; cmd` runs also if there is
no `a`, `cd a && cmd` does not. A `cd` in a pipeline counts for itself alone.

Source: the manual of bash 5.2, "Lists of Commands" and `cd`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lsp_agent.permissions.shell.checks.check import Part
from lsp_agent.permissions.shell.checks.paths import (
    UNKNOWN_FOLDER,
    Access,
    folder_of,
    path_findings,
)
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.world import World
from mcp_tools.code.commands.script import Script, SimpleCommand, Step
from mcp_tools.code.commands.words import Feature

_N_CD_WORDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A command, once for each folder in which it could run."""

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()
    """About the folders themselves."""

    @property
    def words(self) -> tuple[str, ...]:
        """What the program gets; empty if that is not known, or depends on the folder."""
        each = {words_of(part) for part in self.parts}
        return each.pop() if len(each) == 1 else ()


@dataclass(frozen=True, slots=True)
class _Folders:
    """Where the shell can be after a step that succeeded, and after one that failed."""

    ok: frozenset[Path | None]
    failed: frozenset[Path | None]

    def before(self, joiner: str) -> frozenset[Path | None]:
        match joiner:
            case "&&":
                return self.ok
            case "||":
                return self.failed
            case _:
                return self.ok | self.failed


def placed(script: Script, cwd: Path, root: Path, world: World) -> Iterator[Placed]:
    """Give the commands of a script with their folders; of an odd one they are only guessed."""
    start = Part(command=SimpleCommand(), cwd=cwd, root=root, world=world)
    if not script.steps:
        for command in script.commands:
            yield Placed(parts=(replace(start, command=command),))
        return
    after = _Folders(frozenset({cwd}), frozenset({cwd}))
    for step in script.steps:
        before = after
        here = before.before(step.joiner)
        for number, command in enumerate(step.commands):
            part = replace(start, command=command, has_piped_input=number > 0)
            yield _in_each(part, here)
        after = _after(step, start, here)
        if step.joiner == "&&":
            after = _Folders(after.ok, after.failed | before.failed)
        elif step.joiner == "||":
            after = _Folders(after.ok | before.ok, after.failed)


def words_of(part: Part) -> tuple[str, ...]:
    """Give the words that a program gets, with globs replaced; none if they are not known."""
    texts: list[str] = []
    for word in part.command.words:
        if not word.is_literal:
            return ()
        names: tuple[str, ...] | None = ()
        if Feature.GLOB in word.features:
            names = None if part.cwd is None else part.world.expand(word.pattern, part.cwd)
        if names is None:
            return ()
        texts += names or (word.text,)
    return tuple(texts)


def _in_each(part: Part, here: frozenset[Path | None]) -> Placed:
    parts = tuple(replace(part, cwd=folder) for folder in sorted(here, key=str))
    if part.name != "cd":
        return Placed(parts=parts)
    findings = (finding for each in parts for finding in _change(each)[1])
    return Placed(parts=parts, findings=tuple(dict.fromkeys(findings)))


def _after(step: Step, start: Part, here: frozenset[Path | None]) -> _Folders:
    command = step.commands[0]
    if len(step.commands) > 1 or not command.words or command.words[0].text != "cd":
        return _Folders(here, here)
    parts = (replace(start, command=command, cwd=folder) for folder in here)
    return _Folders(frozenset(_change(part)[0] for part in parts), here)


def _change(part: Part) -> tuple[Path | None, tuple[Finding, ...]]:
    """Give the folder that a `cd` leads to, None if it is not known, and what is wrong with it.

    The shell takes `..` from the name and the system from the folder: where these could differ,
    because there is a link on the way, it is not known.
    """
    words = words_of(part)
    if len(words) != _N_CD_WORDS or words[1].startswith("-") or not words[1]:
        return None, (UNKNOWN_FOLDER.high(part.text),)
    named = folder_of(part, words[1])
    if named is None:
        return None, (UNKNOWN_FOLDER.high(part.text),)
    findings = tuple(path_findings(part, words[1], Access.READ))
    target = Path(os.path.normpath(named / words[1]))
    if findings or part.world.real(named / words[1]) != target:
        return None, findings or (UNKNOWN_FOLDER.high(f"{part.text} goes through a link"),)
    return target, ()
