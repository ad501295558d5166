"""Addresses of resources: what a URI says, and the URI of what we have.

A path in a URI is that of the file system, as in every `file:` URI, or one from the root of the
workspace, which is what a model writes into a template. The first counts if it leads into a root.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from mcp_tools.types.errors import NotFound, OutsideWorkspace
from mcp_tools.workspace.paths import resolve_in

MAX_URI_CHARS = 8192

_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>[^#\x00-\x1f\x7f]*)(?:#(?P<fragment>[^\x00-\x1f\x7f]*))?"
)
_LOCALHOST = "localhost/"
_DRIVE = re.compile(r"[A-Za-z]:/")
_KEPT = "/-._~!$&'()*+,;=:@"
"""Characters that a path in a URI has as they are (RFC 3986, section 3.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A URI, taken apart."""

    uri: str
    """As it was written."""
    scheme: str
    """In lower case."""
    path: str
    """Decoded, without the slash that it begins with."""
    fragment: str = ""
    """Decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an address leads: a path in one of the roots, links followed."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        """The path from the root, with `/`; `.` for the root itself."""
        return self.path.relative_to(self.root).as_posix()


def parse_uri(uri: str) -> Address:
    """Take a URI apart.

    Raises: NotFound if it is no address of ours, whatever is there.
    """
    if len(uri) > MAX_URI_CHARS:
        raise NotFound(f"expected a URI of at most {MAX_URI_CHARS} characters, got {len(uri)}")
    found = _URI.fullmatch(uri)
    if found is None:
        raise NotFound("expected a URI such as 'file:///src/app.py'")
    scheme = found["scheme"].lower()
    rest = found["rest"]
    if scheme == "file":
        rest = rest.removeprefix(_LOCALHOST)
    return Address(
        uri=uri,
        scheme=scheme,
        path=_decoded(rest.removeprefix("/")),
        fragment=_decoded(found["fragment"] or ""),
    )


def locate(path: str, roots: Sequence[Path], own: Path) -> Spot:
    """Find the file that a path means; `own` is the root that relative ones start from.

    In an address a relative path looks like an absolute one, so one that leads into no root is
    taken from `own`.
    Raises: OutsideWorkspace if it leads out of every root, by name or by a link.
    """
    path = path.lstrip("/")
    absolute = path if _DRIVE.match(path) else f"/{path}"
    for root in sorted(roots, key=lambda root: len(root.parts), reverse=True):
        try:
            return Spot(root=root, path=resolve_in(root, absolute))
        except OutsideWorkspace:
            continue
    return Spot(root=own, path=resolve_in(own, path))


def file_uri(path: Path, lines: tuple[int, int] | None = None) -> str:
    """Give the URI of a file, or of some of its lines, which count from 1."""
    fragment = "" if lines is None else f"#L{lines[0]}-L{lines[1]}"
    return f"file://{_leading(path.as_posix())}{fragment}"


def symbol_uri(name: str, name_path: str) -> str:
    """Give the URI of a symbol in a file that is named from the root."""
    return f"symbol:///{quote(name, safe=_KEPT)}#{quote(name_path, safe=_KEPT)}"


def diagnostics_uri(name: str) -> str:
    """Give the URI of the problems of a file that is named from the root."""
    return f"diagnostics:///{quote(name, safe=_KEPT)}"


def _leading(path: str) -> str:
    return quote(path if path.startswith("/") else f"/{path}", safe=_KEPT)


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise NotFound("expected a URI whose percent signs encode UTF-8") from error
