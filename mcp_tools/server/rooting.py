"""In which of the served roots a request works.

The first of these that says something decides: there is only one root; the request names one; an
absolute path in its arguments lies in one; the client's own folders (of the handshake era, asked
once) lie in exactly one. If nothing does, tools that only look use the first root and say so, and
all others refuse: no file of a wrong project changes because a name was left out. No client can
reach anything but the roots that the person who started the server chose.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata
from pydantic import ValidationError

from mcp_tools.server.callers import caller_of
from mcp_tools.server.ports import Workplace, Workplaces
from mcp_tools.server.state import Context
from mcp_tools.types.errors import NotFound

_ROOTS_S = 5.0
"""How long a client may take to name its folders."""

_CLIENTS_REMEMBERED = 10_000


async def root_of(context: Context, workplaces: Workplaces, wanted: str | None = None) -> Path:
    """Give the root for a request that only looks; without a choice, the first one.

    Raises: NotFound if `wanted` is none of the roots.
    """
    return await chosen_root(context, workplaces, wanted) or workplaces.roots[0]


async def place_of(
    context: Context, workplaces: Workplaces, wanted: str | None = None
) -> Workplace:
    """Give the caller's workplace at the root of a request that only looks.

    Raises: NotFound, OutsideWorkspace, Denied.
    """
    root = await root_of(context, workplaces, wanted)
    return await workplaces.at(caller_of(context), root)


async def chosen_root(
    context: Context, workplaces: Workplaces, wanted: str | None = None
) -> Path | None:
    """Give the root that a request means; None if several are served and nothing tells.

    Raises: NotFound if `wanted` is none of the roots.
    """
    roots = workplaces.roots
    if wanted is not None:
        return _named(wanted, roots)
    if len(roots) == 1:
        return roots[0]
    return _inmost(roots, await _client_folders(context))


def root_in(arguments: Mapping[str, object], roots: Sequence[Path]) -> Path | None:
    """Give the root that absolute paths among the arguments of a call lie in, if it is one."""
    paths = [_absolute(value) for value in arguments.values() if isinstance(value, str)]
    return _inmost(roots, [path for path in paths if path is not None])


def _absolute(text: str) -> Path | None:
    if text.startswith("file:///"):
        return _path(text)
    return Path(os.path.normpath(text)) if text.startswith("/") and "\n" not in text else None


def _inmost(roots: Sequence[Path], paths: Sequence[Path]) -> Path | None:
    """Give the one root that paths lie in, the inner of two; None if they lie in several."""
    meant = {root for root in roots for path in paths if path.is_relative_to(root)}
    # A root inside of another one is meant before the outer one.
    inmost = [root for root in meant if not any(root in other.parents for other in meant)]
    return inmost[0] if len(inmost) == 1 else None


def root_names(roots: Sequence[Path]) -> dict[str, Path]:
    """Give each root a short name, in order: its last part, or the whole path if that is shared."""
    shared = Counter(root.name for root in roots)
    return {root.name if shared[root.name] == 1 else str(root): root for root in roots}


def _named(wanted: str, roots: Sequence[Path]) -> Path:
    names = root_names(roots)
    if wanted in names:
        return names[wanted]
    path = Path(wanted)
    if path in roots:
        return path
    raise NotFound(f"there is no root {wanted!r}; the roots are: {', '.join(names)}")


async def _client_folders(context: Context) -> tuple[Path, ...]:
    """Give the folders that the client works in, as it says."""
    capabilities = context.session.client_capabilities
    if capabilities is None or capabilities.roots is None or not context.session.can_send_request:
        return ()
    known = context.lifespan_context.client_roots
    caller_id = caller_of(context).id
    if caller_id not in known:
        if len(known) >= _CLIENTS_REMEMBERED:
            known.clear()
        known[caller_id] = await _asked_folders(context)
    return known[caller_id]


async def _asked_folders(context: Context) -> tuple[Path, ...]:
    try:
        result = await context.session.send_request(
            types.ListRootsRequest(),
            types.ListRootsResult,
            request_read_timeout_seconds=_ROOTS_S,
            metadata=ServerMessageMetadata(related_request_id=context.request_id),
        )
    except (MCPError, ValidationError):
        return ()
    return tuple(path for root in result.roots if (path := _path(str(root.uri))) is not None)


def _path(uri: str) -> Path | None:
    """Give the path of a file address on this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = Path(unquote(parts.path))
    return path if path.is_absolute() and ".." not in path.parts else None
