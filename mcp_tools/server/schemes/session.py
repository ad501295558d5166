"""`session://`: what the caller has asked for so far, and all that came back."""

from collections.abc import Sequence

from mcp_tools.server.ports import Workplace
from mcp_tools.server.schemes.mime_types import TEXT
from mcp_tools.server.schemes.scheme import (
    MAX_BYTES,
    Completes,
    Content,
    Listed,
    Scheme,
    Template,
    Visit,
)
from mcp_tools.types.errors import NotFound

CALLS = "session://calls"
_OUTPUT = "output/"


async def read(visit: Visit) -> Sequence[Content]:
    """Give the list of past calls, or the whole output of one.

    Raises: NotFound if there is no such call; old ones are forgotten.
    """
    path = visit.address.path
    if path == "calls":
        text = _calls(visit.place)
    elif path.startswith(_OUTPUT):
        text = _output(visit.place, path.removeprefix(_OUTPUT))
    else:
        raise NotFound(f"expected {CALLS!r} or 'session://output/ID', got {visit.address.uri!r}")
    return [Content(uri=visit.address.uri, mime_type=TEXT, text=text)]


def _calls(place: Workplace) -> str:
    lines = [
        f"{record.id} {record.tool} {'failed' if record.is_error else 'done'} "
        f"{len(record.output)} characters"
        for record in place.records()
    ]
    head = "The newest first; session://output/ID has all that a call gave"
    return "\n".join([head, *lines]) if lines else "no calls yet"


def _output(place: Workplace, call_id: str) -> str:
    for record in place.records():
        if record.id == call_id:
            data = record.output.encode("utf-8", "replace")[:MAX_BYTES]
            return data.decode("utf-8", "ignore")
    raise NotFound(f"there is no call {call_id!r}, or it is forgotten; see {CALLS}")


def listed(place: Workplace) -> Sequence[Listed]:
    """Give the list of calls."""
    del place
    return [
        Listed(
            uri=CALLS,
            name="calls",
            title="Calls of this session",
            description="Tool calls so far, each with where its whole output is",
            mime_type=TEXT,
            priority=0.3,
        )
    ]


SCHEME = Scheme(
    name="session",
    templates=(
        Template(
            uri_template="session://output/{id}",
            name="output",
            title="Whole output of a call",
            description="All text of a past call, also what its answer had to leave out",
            mime_type=TEXT,
            completes=(("id", Completes.CALL),),
        ),
    ),
    read=read,
    listed=listed,
)
