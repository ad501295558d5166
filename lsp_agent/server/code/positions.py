"""Places and spans of many files as ranges of the protocol, without reading most of them."""

from lsp_agent.server.code.wide_lines import Lines, WideLines
from lsp_agent.server.convert import Encoding, n_units
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.text import Place

Json = dict[str, object]


class Positions:
    """Gives positions and ranges of the files of one codebase, in the client's code units."""

    def __init__(
        self, codebase: CodebaseView, encoding: Encoding | str, wide_lines: WideLines
    ) -> None:
        """Convert for one answer; `wide_lines` is of the same encoding."""
        self._codebase = codebase
        self._encoding = encoding
        self._wide_lines = wide_lines
        self._root = f"{codebase.root}/"
        self._wide: dict[str, Lines] = {}

    def absolute(self, file: str) -> str:
        """Give the absolute path of a file of the codebase."""
        return file if file.startswith("/") else self._root + file

    def is_plain(self, file: str) -> bool:
        """Tell whether columns of ours are those of the client in all of a file."""
        return not self._lines(file)

    def position(self, file: str, place: Place) -> Json:
        """Give the position of a place."""
        column = place.column
        line = self._lines(file).get(place.line)
        if line is not None:
            column = n_units(line[:column], self._encoding)
        return {"line": place.line, "character": column}

    def range(self, file: str, start: Place, end: Place) -> Json:
        """Give the range between two places."""
        return {"start": self.position(file, start), "end": self.position(file, end)}

    def name_range(self, file: str, place: Place, n_chars: int) -> Json:
        """Give the range of a name, which never goes over the end of a line."""
        if not self._lines(file):
            return plain_range(place, n_chars)
        return self.range(file, place, Place(place.line, place.column + n_chars))

    def _lines(self, file: str) -> Lines:
        """Give the lines of a file in which columns may differ."""
        lines = self._wide.get(file)
        if lines is None:
            lines = self._wide[file] = self._find(file)
        return lines

    def _find(self, file: str) -> Lines:
        digest = self._codebase.digest(file)
        if digest is None:
            return {}
        try:
            return self._wide_lines.of(
                digest, self.absolute(file), lambda: self._codebase.document(file).text
            )
        except ExpectedError:
            return {}  # It is gone, or was written just now; then no column is right.


def plain_range(place: Place, n_chars: int) -> Json:
    """Give the range of a name where columns are the same."""
    line, column = place.line, place.column
    return {
        "start": {"line": line, "character": column},
        "end": {"line": line, "character": column + n_chars},
    }
