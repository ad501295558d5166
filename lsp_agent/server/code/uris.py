"""URIs of many files."""

import re
from collections.abc import Mapping
from pathlib import Path

from lsp_agent.server.convert import uri_of

_PLAIN = re.compile(r"/[A-Za-z0-9_.~-][A-Za-z0-9_.~/-]*")
"""A path that a URI has as it is; most are, and an answer may name hundreds of them."""


class Uris:
    """Gives the URIs of files by absolute path, and remembers them."""

    def __init__(self, known: dict[str, str], opened: Mapping[str, str]) -> None:
        """Keep what is made in `known`; `opened` says what the editor calls its documents."""
        self._known = known
        self._opened = opened

    def of(self, path: str) -> str:
        """Give the URI of a file, as the editor calls it if it has it open."""
        uri = self._opened.get(path) or self._known.get(path)
        if uri is None:
            is_plain = _PLAIN.fullmatch(path) is not None
            uri = self._known[path] = f"file://{path}" if is_plain else uri_of(Path(path))
        return uri
