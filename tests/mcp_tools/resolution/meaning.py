"""Asks what the name at a cursor means, in small projects written as text."""

from collections.abc import Mapping
from pathlib import Path

from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, Op
from tests.support.codebases import codebase_of
from tests.support.projects import project_files

CURSOR = "$0"


class Cases:
    """Many small projects in one code base, each in a folder of its own, with one cursor."""

    def __init__(self, folder: Path, projects: Mapping[str, str]) -> None:
        """Write the projects; their names are of any kind."""
        self._at: dict[str, tuple[str, str, int]] = {}
        written: dict[str, str] = {}
        for number, (name, project) in enumerate(projects.items()):
            for file, text in project_files(project).items():
                path = f"case_{number}/{file}"
                written[path] = text.replace(CURSOR, "")
                if CURSOR in text:
                    self._at[name] = f"case_{number}/", path, text.index(CURSOR)
        self._codebase = codebase_of(written, folder)
        self._resolver = Resolver(self._codebase)

    def meaning(self, name: str) -> str:
        """Give what the name at `$0` means, such as `a.py:Class.method exact`; empty if unknown."""
        folder, file, term = self._term(name)
        found = self._resolver.resolve(file, term)
        if not found.targets:
            return ""
        targets = ", ".join(shown(self._codebase, target) for target in found.targets)
        return f"{targets} {found.certainty}".replace(folder, "")

    def called(self, name: str) -> str:
        """Give what the outermost call whose name is at `$0` calls: of `f()()` the second."""
        folder, file, term = self._term(name)
        facts = self._codebase.facts(file)
        assert facts is not None
        for call, op in enumerate(facts.ops):
            if op == Op.CALL and facts.a[call] == term:
                term = call
        targets = self._resolver.resolve(file, term).targets
        return ", ".join(shown(self._codebase, target) for target in targets).replace(folder, "")

    def type(self, name: str) -> str:
        """Give the inferred type of the name at `$0` in one line."""
        _, file, term = self._term(name)
        return self._resolver.describe_value(file, term)

    def _term(self, name: str) -> tuple[str, str, int]:
        folder, file, offset = self._at[name]
        term = self._resolver.term_at(file, offset)
        assert term is not None
        return folder, file, term


def in_one_file(text: str) -> str:
    """Give a project whose first file is `a.py`; the text may go on with other files."""
    return f"//- /a.py\n{text}\n"


def shown(codebase: CodebaseView, target: Target) -> str:
    """Name a target by its file and the scopes around it; of a file outside, by its last name."""
    file = target.file.rpartition("/")[2] if target.file.startswith("/") else target.file
    if target.scope == MODULE:
        return file
    facts = codebase.facts(target.file)
    assert facts is not None
    parts = [target.name]
    scope = target.scope
    while scope > 0:
        row = facts.scopes[scope]
        if row.symbol != NONE:
            parts.append(facts.names[facts.symbols[row.symbol].name])
        scope = row.parent
    return f"{file}:{'.'.join(reversed(parts))}"


def target_named(codebase: CodebaseView, file: str, name: str) -> Target:
    """Give the first definition of a name in a file."""
    facts = codebase.facts(file)
    assert facts is not None
    number = next(i for i, s in enumerate(facts.symbols) if facts.names[s.name] == name)
    return Resolver(codebase).target_of(file, number)
