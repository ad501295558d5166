"""An import that is added to a file, as an edit."""

import ast
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lsp_agent.models.offline.import_places import line_of, top_imports
from lsp_agent.models.offline.source import Source
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span, newline_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One name to import: `import module`, or `from module import name`."""

    module: str
    """Starts with dots when relative."""
    name: str | None = None
    alias: str | None = None

    @property
    def item(self) -> str:
        """What stands in the list of names."""
        name = self.name or self.module
        return f"{name} as {self.alias}" if self.alias else name

    @property
    def statement(self) -> str:
        """The statement for this alone, without a line end."""
        start = f"from {self.module} import" if self.name else "import"
        return f"{start} {self.item}"


def add_import(
    source: Source, wanted: Import, *, first_party: AbstractSet[str] = frozenset()
) -> TextEdit:
    """Import a name: in an existing list of the same module, or on a line of its own.

    `first_party` holds the top-level names of the project's own packages.
    """
    for statement in top_imports(source):
        if _can_take(statement, wanted) and isinstance(statement, ast.ImportFrom):
            return _merge(source, statement, wanted)
    parsed = ast.parse(wanted.statement).body[0]
    return line_of(source, parsed, first_party)


def _can_take(statement: ast.stmt, wanted: Import) -> bool:
    if wanted.name is None or not isinstance(statement, ast.ImportFrom):
        return False
    module = "." * statement.level + (statement.module or "")
    return module == wanted.module and statement.names[0].name != "*"


def _merge(source: Source, statement: ast.ImportFrom, wanted: Import) -> TextEdit:
    aliases = statement.names
    keys = [_item_key(alias.name) for alias in aliases]
    key = _item_key(wanted.name or "")
    # A list in an order of its own is not ours to sort.
    position = sum(other < key for other in keys) if keys == sorted(keys) else len(keys)
    separator = _separator(source, statement)
    if position < len(aliases):
        start = source.start(aliases[position])
        return TextEdit(Span(start, start), wanted.item + separator)
    end = source.end(aliases[-1])
    return TextEdit(Span(end, end), separator + wanted.item)


def _separator(source: Source, statement: ast.ImportFrom) -> str:
    """Give what stands between two names of this list."""
    first, last = statement.names[0], statement.names[-1]
    is_one_a_line = first.lineno > statement.lineno and (
        len(statement.names) == 1 or first.lineno != last.lineno
    )
    if not is_one_a_line:
        return ", "
    return "," + newline_of(source.text) + source.indent(source.start(first))


def _item_key(name: str) -> tuple[int, str, str]:
    """Order as isort does: constants, classes, the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), name
