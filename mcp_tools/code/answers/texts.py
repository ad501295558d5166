"""The text that answers quote, which is the one that they were computed from."""

from mcp_tools.code.answers.data import StampData
from mcp_tools.code.navigation.results import Item, ItemKind, Site
from mcp_tools.code.numbered import bare, shortened
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import split_lines

MAX_SNIPPET_CHARS = 120
STAMP_CHARS = 8
"""Enough to tell two texts of one file apart."""


class Texts:
    """The texts of one answer; each file is read once."""

    def __init__(self, codebase: CodebaseView) -> None:
        """Read from `codebase`."""
        self._codebase = codebase
        self._documents: dict[str, Document] = {}

    def document(self, file: str) -> Document:
        """Give a file's document, if it still is what the index knows.

        Raises: StaleEdit if it has changed since; NotFound.
        """
        if file not in self._documents:
            document = self._codebase.document(file)
            if document.digest != self._codebase.digest(file) and self._is_inside(file):
                raise StaleEdit(f"{file!r} has changed since the answer was computed; ask again")
            self._documents[file] = document
        return self._documents[file]

    def line(self, file: str, line: int) -> str:
        """Give a line (from 0) without the white space around it, cut if it is long.

        Raises: StaleEdit, NotFound.
        """
        lines = self.document(file).lines
        if line >= lines.n_lines:
            return ""
        text = lines.line_text(line).strip()
        return text if len(text) <= MAX_SNIPPET_CHARS else f"{text[: MAX_SNIPPET_CHARS - 3]}..."

    def snippet(self, site: Site) -> str:
        """Give the line of a place.

        Raises: StaleEdit, NotFound.
        """
        return self.line(site.file, site.place.line)

    def body(self, item: Item) -> list[str]:
        """Give the lines of a definition as they are, the first one from its line's start.

        Raises: StaleEdit, NotFound.
        """
        document = self.document(item.file)
        if item.kind is ItemKind.MODULE:
            text = document.text
        else:
            start = document.lines.line_span(item.start.line).start
            text = document.text[start : item.span.end]
        return [shortened(bare(line)) for line in split_lines(text)]

    def stamp(self, file: str) -> StampData:
        """Give the short digest by which a later reader can tell whether the file changed.

        Raises: StaleEdit, NotFound.
        """
        return StampData(path=file, digest=self.document(file).digest[:STAMP_CHARS])

    def _is_inside(self, file: str) -> bool:
        return not file.startswith("/")
