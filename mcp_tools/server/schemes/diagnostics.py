"""`diagnostics://`: the problems of a file, or of all files that are not as on disk."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from mcp_tools.server.addresses import Spot, diagnostics_uri
from mcp_tools.server.ports import Workplace
from mcp_tools.server.schemes.files import changed_files, check_served
from mcp_tools.server.schemes.mime_types import TEXT
from mcp_tools.server.schemes.scheme import Completes, Content, Listed, Scheme, Template, Visit
from mcp_tools.types.attending import NOBODY
from mcp_tools.types.calls import ToolCall
from mcp_tools.types.contents import Folder
from mcp_tools.types.errors import ExpectedError, NotText

ALL = "diagnostics:///"
MAX_FILES = 20
"""Changed files that are checked at once."""

_TOOL = "diagnostics"


async def read(visit: Visit) -> Sequence[Content]:
    """Give the problems of a file; at the root, of the files that are not as on disk.

    Raises: NotFound, OutsideWorkspace, NotText for a folder; ExpectedError if the check failed.
    """
    spot = visit.spot
    if spot is None or spot.path == visit.place.root:
        text = await _all(visit.place)
    else:
        await asyncio.to_thread(_check_file, visit.place, spot)
        text = await problems(visit.place, spot.name)
    return [Content(uri=visit.address.uri, mime_type=TEXT, text=text)]


async def problems(place: Workplace, name: str) -> str:
    """Give the problems of a file, which is named from the root, as the tool tells them.

    Raises: ExpectedError if it cannot be checked.
    """
    call = ToolCall(id=f"resource-{uuid4().hex}", name=_TOOL, arguments={"path": name})
    result = await place.call(call, NOBODY)
    if result.is_error:
        raise ExpectedError(result.text)
    return result.text


async def _all(place: Workplace) -> str:
    snapshot = await asyncio.to_thread(place.snapshot)
    changed = await asyncio.to_thread(changed_files, snapshot)
    if not changed:
        return f"no file differs from the disk; read {diagnostics_uri('src/app.py')} for one file"
    texts = [await problems(place, _name(place, path)) for path in changed[:MAX_FILES]]
    n_more = len(changed) - MAX_FILES
    more = [f"[{n_more} more files were not checked]"] if n_more > 0 else []
    return "\n\n".join([*texts, *more])


def _name(place: Workplace, path: Path) -> str:
    return path.relative_to(place.root).as_posix()


def _check_file(place: Workplace, spot: Spot) -> None:
    snapshot = place.snapshot()
    check_served(snapshot, spot.path)
    state = snapshot.state(spot.path)
    if state is not None and isinstance(state.content, Folder):
        raise NotText(f"{spot.name!r} is a folder; name a file")


def listed(place: Workplace) -> Sequence[Listed]:
    """Give the one that needs no path."""
    del place
    return [
        Listed(
            uri=ALL,
            name="diagnostics",
            title="Problems in changed files",
            description="Of every file that is not saved, or has proposed edits",
            mime_type=TEXT,
            priority=0.6,
        )
    ]


SCHEME = Scheme(
    name="diagnostics",
    has_files=True,
    templates=(
        Template(
            uri_template="diagnostics:///{+path}",
            name="diagnostics",
            title="Problems of a file",
            description="Syntax errors, and what ruff finds, in the current text of a file",
            mime_type=TEXT,
            completes=(("path", Completes.PATH),),
        ),
    ),
    read=read,
    listed=listed,
)
