"""`file://`: the text of a file as its caller sees it, an image, or the names in a folder."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from mcp_tools.code.searching import is_ignored_entry
from mcp_tools.server.addresses import Spot, file_uri
from mcp_tools.server.ports import Workplace
from mcp_tools.server.schemes.mime_types import FOLDER, binary_type, likely_type, text_type
from mcp_tools.server.schemes.scheme import (
    MAX_BYTES,
    Completes,
    Content,
    Listed,
    Scheme,
    Template,
    Visit,
)
from mcp_tools.types.contents import Binary, Folder
from mcp_tools.types.documents import Entry, SnapshotView
from mcp_tools.types.errors import NotFound, TooLarge
from mcp_tools.types.text import LineIndex

MAX_LISTED = 200
"""Files at the top of a root; and as many that are not as on disk."""
MAX_NAMES = 2000
"""Names in a folder that are given."""

_LINES = re.compile(r"L(?P<first>\d{1,9})(?:-L?(?P<last>\d{1,9}))?")
_GUIDES = re.compile(r"(AGENTS|CLAUDE|GEMINI|README|CONTRIBUTING)(\..+)?", re.IGNORECASE)


def check_served(snapshot: SnapshotView, path: Path) -> None:
    """Refuse what the project leaves out: a resource is not where to look for that.

    Raises: NotFound, OutsideWorkspace.
    """
    if path == snapshot.root:
        return
    state = snapshot.state(path)
    is_dir = state is not None and isinstance(state.content, Folder)
    if state is None or is_ignored_entry(snapshot, path, is_dir=is_dir):
        # One text for both, since whether there is a file that is hidden is no one's business.
        raise NotFound(
            f"there is no file {path.relative_to(snapshot.root).as_posix()!r}, "
            "or ignore rules leave it out; list the folder with list_dir"
        )


async def read(visit: Visit) -> Sequence[Content]:
    """Give a file, some of its lines (`#L10-L20`), or the names in a folder.

    Raises: NotFound, NotText for a pipe or device, TooLarge, OutsideWorkspace.
    """
    spot = visit.spot
    if spot is None:
        raise NotFound("expected the path of a file")
    return [await asyncio.to_thread(_read, visit, spot)]


def _read(visit: Visit, spot: Spot) -> Content:
    snapshot = visit.place.snapshot()
    check_served(snapshot, spot.path)
    state = snapshot.state(spot.path)
    uri = visit.address.uri
    match None if state is None else state.content:
        case str(text):
            text = _lines(text, visit.address.fragment)
            _check_size(spot, len(text.encode("utf-8", "replace")))
            # A lone surrogate, which an editor's buffer may hold, cannot be written on the wire.
            text = text.encode("utf-8", "replace").decode("utf-8")
            return Content(uri=uri, mime_type=text_type(spot.path), text=text)
        case Binary(data=data):
            _check_size(spot, len(data))
            return Content(uri=uri, mime_type=binary_type(spot.path), data=data)
        case Folder():
            return Content(uri=uri, mime_type=FOLDER, text=_names(snapshot, spot.path))
        case _:
            raise NotFound(f"there is no file {spot.name!r}")


def _check_size(spot: Spot, size_bytes: int) -> None:
    if size_bytes > MAX_BYTES:
        raise TooLarge(
            f"{spot.name!r} has {size_bytes} bytes, the limit for a resource is {MAX_BYTES}; "
            f"read a part with '#L1-L500' at the end, or with read_file"
        )


def _lines(text: str, fragment: str) -> str:
    """Give the lines that a fragment names; all of them if it is none of ours.

    Raises: NotFound if there are no such lines.
    """
    match = _LINES.fullmatch(fragment)
    if match is None:
        return text
    lines = LineIndex(text)
    first = int(match["first"])
    last = min(int(match["last"] or first), lines.n_lines)
    if not 1 <= first <= last:
        raise NotFound(f"expected lines from 1 to {lines.n_lines}, got {fragment!r}")
    return text[lines.line_span(first - 1).start : lines.line_span(last - 1, with_end=True).end]


def _names(snapshot: SnapshotView, folder: Path) -> str:
    names = [
        f"{entry.path.name}/" if entry.is_dir else entry.path.name
        for entry in _served_entries(snapshot, folder)
    ]
    n_more = len(names) - MAX_NAMES
    more = [f"[{n_more} more; see list_dir]"] if n_more > 0 else []
    return "\n".join([*names[:MAX_NAMES], *more])


def _served_entries(snapshot: SnapshotView, folder: Path) -> Iterator[Entry]:
    for entry in snapshot.entries(folder):
        is_ignored = is_ignored_entry(snapshot, entry.path, is_dir=entry.is_dir)
        if not is_ignored and is_writable_name(entry.path.name):
            yield entry


def is_writable_name(name: str) -> bool:
    """Tell whether a name can be part of a URI: not every name of a file is UTF-8."""
    return name.isprintable()


def listed(place: Workplace) -> Sequence[Listed]:
    """Give the files at the top of the root, and those that are not as on disk."""
    snapshot = place.snapshot()
    served = _served_entries(snapshot, snapshot.root)
    files = (entry for entry in served if not entry.is_dir and not entry.is_link)
    entries = list(islice(files, MAX_LISTED))
    found = [_listed(snapshot, entry.path, entry.size_bytes) for entry in entries]
    top = {entry.path for entry in entries}
    changed = [path for path in changed_files(snapshot) if path not in top][:MAX_LISTED]
    found += [_listed(snapshot, path, None, "not saved, or proposed") for path in changed]
    return sorted(found, key=lambda item: -item.priority)


def changed_files(snapshot: SnapshotView) -> tuple[Path, ...]:
    """Give the text files whose text is not that on disk, sorted; ignored ones are left out."""
    return tuple(
        path
        for path, state in snapshot.overlay().items()
        if state is not None
        and isinstance(state.content, str)
        and not snapshot.is_ignored(path)
        and is_writable_name(path.as_posix())
    )


def _listed(
    snapshot: SnapshotView, path: Path, size_bytes: int | None, description: str = ""
) -> Listed:
    name = path.relative_to(snapshot.root).as_posix()
    is_guide = _GUIDES.fullmatch(path.name) is not None
    priority = 0.9 if is_guide else 0.7 if description else 0.4
    return Listed(
        uri=file_uri(path),
        name=name,
        title=path.name,
        description=description,
        mime_type=likely_type(path),
        size_bytes=size_bytes,
        priority=priority,
        path=path,
    )


def document_text(snapshot: SnapshotView, path: Path) -> str:
    """Give the text of a file that may be served.

    Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
    """
    check_served(snapshot, path)
    return snapshot.read(path).text


SCHEME = Scheme(
    name="file",
    has_files=True,
    templates=(
        Template(
            uri_template="file:///{+path}",
            name="file",
            title="File",
            description=(
                "A file with unsaved text and your own proposed edits in it; a folder gives its "
                "names. The path is absolute, or starts at the workspace root. "
                "End it with #L10-L20 for some lines."
            ),
            completes=(("path", Completes.PATH),),
        ),
    ),
    read=read,
    listed=listed,
)
