"""What a definition looks like where it is written, in one line."""

import re

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.facts import Op, Symbol, SymbolKind

MAX_CHARS = 200
"""A longer line is cut; this is more than any style guide lets a line be."""

_SHOWN_DECORATORS = frozenset(
    {
        "abstractmethod",
        "cached_property",
        "classmethod",
        "dataclass",
        "overload",
        "property",
        "staticmethod",
    }
)
_KINDS_WITH_HEADER = frozenset(
    {SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY}
)
_PIECES = re.compile(
    r"""(?P<string>(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"))"""
    r"""|(?P<gap>(?:\\\r?\n|\s|\#[^\r\n]*)+)""",
    re.DOTALL,
)


def signature_of(codebase: CodebaseView, file: str, symbol: int) -> str:
    """Give the signature of a symbol as it is written, in one line; empty if it cannot be read.

    Decorators that change how it is used are in front, comments are left out.
    """
    view = view_file(codebase, file)
    return signatures_in(codebase, view).of(symbol) if view else ""


def signatures_in(codebase: CodebaseView, view: FileView) -> "Signatures":
    """Give the signatures of a file; they are all empty if its text cannot be read."""
    try:
        return Signatures(view, codebase.document(view.file).text)
    except ExpectedError:
        return Signatures(view, "")


class Signatures:
    """The signatures of one file."""

    def __init__(self, view: FileView, text: str) -> None:
        """Take a file with its text; without it there are no signatures."""
        self._view = view
        # Facts of another text would cut this one at the wrong places.
        self._text = text if len(text) == view.facts.n_chars else ""

    def of(self, symbol: int) -> str:
        """Give the signature of a symbol; empty if the text cannot be read."""
        if not self._text:
            return ""
        row = self._view.facts.symbols[symbol]
        has_header = row.kind in _KINDS_WITH_HEADER and row.header_end < row.end
        if has_header:
            return self._header(row)
        # A table of data may be a value: what is cut off later need not be read.
        return one_line(self._text[row.start : min(row.end, row.start + 2 * MAX_CHARS)])

    def _header(self, row: Symbol) -> str:
        head = self._text[row.name_start : row.header_end].rstrip().removesuffix(":")
        word = "class" if row.kind == SymbolKind.CLASS else "def"
        async_word = "async " if row.is_async else ""
        decorators = "".join(f"@{name} " for name in self._decorators(row))
        return one_line(f"{decorators}{async_word}{word} {head}")

    def _decorators(self, row: Symbol) -> list[str]:
        names: list[str] = []
        facts = self._view.facts
        for term in row.decorators:
            named = facts.a[term] if facts.ops[term] == Op.CALL else term
            if facts.ops[named] not in (Op.NAME, Op.ATTRIBUTE):
                continue
            name = self._view.name(named)
            if name in _SHOWN_DECORATORS:
                names.append(name)
            elif name in ("setter", "deleter", "getter") and facts.ops[named] == Op.ATTRIBUTE:
                names.append(f"{facts.names[row.name]}.{name}")
        return names


def one_line(text: str) -> str:
    """Write a piece of code in one line, without comments, cut at MAX_CHARS."""
    if "\n" in text or "\r" in text or "#" in text or "  " in text:
        text = _PIECES.sub(_joined, text).strip()
        text = text.replace("( ", "(").replace("[ ", "[").replace("{ ", "{")
        text = re.sub(r",? ([)\]}])", r"\1", text)
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - 3] + "..."


def _joined(piece: re.Match[str]) -> str:
    if piece["string"] is None:
        return " "
    return piece["string"].replace("\n", "\\n").replace("\r", "")
