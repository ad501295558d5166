"""Code bases as text in, changed files as text out."""

import re
from pathlib import Path

from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.changes import states_after
from tests.support.codebases import codebase_of

_HEADER = re.compile(r"^//- (.+)\n", re.MULTILINE)


def codebase_in(folder: Path, text: str) -> CodebaseView:
    """Give a code base of files, each below a line `//- path`."""
    parts = _HEADER.split(text)
    return codebase_of(dict(zip(parts[1::2], parts[2::2], strict=True)), folder)


def target_in(codebase: CodebaseView, name: str) -> Target:
    """Give what a name such as `a.py:Class/method` or `a.py:LINE:COLUMN` means."""
    return locate(codebase, name)


def files_after(codebase: CodebaseView, made: Refactoring) -> str:
    """Give the files that change in the form of `codebase_in`; a removed one as `gone`."""
    states = states_after(made.changes, codebase.snapshot.state)
    parts: list[str] = []
    for path, state in sorted(states.items()):
        name = path.relative_to(codebase.root).as_posix()
        text = "gone\n" if state is None else state.content
        assert isinstance(text, str)
        parts.append(f"//- {name}\n{text}")
    return "".join(parts)


def left(made: Refactoring) -> list[str]:
    """Give the unresolved places, a line each, as `file:line: text (why)`."""
    return [f"{u.file}:{u.line + 1}: {u.text} ({u.why})" for u in made.unresolved]
