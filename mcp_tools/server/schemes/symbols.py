"""`symbol://`: the source of one class, function or variable, and where it is."""

import asyncio
from collections.abc import Sequence

from mcp_tools.code.answers.bodies import find_body
from mcp_tools.code.answers.listing import whole_text
from mcp_tools.code.answers.naming import located
from mcp_tools.server.addresses import Spot
from mcp_tools.server.schemes.files import check_served
from mcp_tools.server.schemes.mime_types import TEXT
from mcp_tools.server.schemes.scheme import MAX_BYTES, Completes, Content, Scheme, Template, Visit
from mcp_tools.types.errors import NotFound, TooLarge

_MAX_NAME_CHARS = 1000


async def read(visit: Visit) -> Sequence[Content]:
    """Give the source of a symbol below a line that says where it is.

    Raises: NotFound, with names that are near; StaleEdit if the file changed meanwhile; TooLarge,
        OutsideWorkspace.
    """
    spot, name = visit.spot, visit.address.fragment.strip("/")
    if spot is None or not name or len(name) > _MAX_NAME_CHARS:
        raise NotFound("expected a URI such as 'symbol:///src/app.py#Class/method'")
    return [await asyncio.to_thread(_read, visit, spot, name)]


def _read(visit: Visit, spot: Spot, name: str) -> Content:
    place = visit.place
    check_served(place.snapshot(), spot.path)
    target = located(place.codebase, f"{spot.name}:{name}")
    text = whole_text(find_body(place.codebase(), target).listing)
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{name!r} has {len(data)} bytes, the limit is {MAX_BYTES}; use read_symbol")
    return Content(uri=visit.address.uri, mime_type=TEXT, text=data.decode("utf-8"))


SCHEME = Scheme(
    name="symbol",
    has_files=True,
    templates=(
        Template(
            uri_template="symbol:///{+path}#{name_path}",
            name="symbol",
            title="Symbol",
            description=(
                "The source of one Python class, function or variable, such as "
                "symbol:///src/app.py#Class/method, and where it is"
            ),
            mime_type=TEXT,
            completes=(("path", Completes.PATH), ("name_path", Completes.SYMBOL)),
        ),
    ),
    read=read,
)
