"""Rows that are not what was written are noticed, whatever is wrong with them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mcp_tools.types.contents import State
from mcp_tools.types.journal import NewEntry, Target, Transition
from mcp_tools.workspace.journal.gathering import Gathering
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.journal.packing import Unreadable
from mcp_tools.workspace.journal.records import details_of, entry_of, microseconds_of
from tests.mcp_tools.workspace.journal.recording import NOON, ORIGIN

ROOT = Path("/project")
NEW = NewEntry(
    label="x",
    origin=ORIGIN,
    transitions=(Transition(path=ROOT / "a", before=None, after=State(content="a", mode=0o644)),),
    targets=(Target(entry_id="e", path="a", hunk_ids=("h",)),),
)


def row_of(details: bytes) -> tuple[object, ...]:
    """Give a row with these details."""
    return (1, "klmn", microseconds_of(NOON), "done", details, b"[]")


def good_row() -> tuple[object, ...]:
    """Give a row as it is written."""
    return row_of(details_of(NEW, Gathering(ROOT, Limits())))


def test_a_good_row_is_read() -> None:
    entry = entry_of(good_row())
    assert (entry.label, entry.at, entry.origin) == ("x", NOON, ORIGIN)
    assert entry.targets == NEW.targets


@pytest.mark.parametrize("moment", [NOON, NOON - timedelta(days=40_000, microseconds=1)])
def test_a_moment_is_kept_to_the_microsecond(moment: datetime) -> None:
    row = (*good_row()[:2], microseconds_of(moment), *good_row()[3:])
    assert entry_of(row).at == moment
    assert entry_of(row).at.tzinfo is UTC


def changed(change: Callable[[dict[str, Any]], object]) -> tuple[object, ...]:
    """Give a row after a change of its details."""
    details = good_row()[4]
    assert isinstance(details, bytes)
    value = json.loads(details)
    change(value)
    return row_of(json.dumps(value).encode())


BAD_ROWS = [
    (),
    (*good_row()[:5], "[]"),
    ("1", *good_row()[1:]),
    (*good_row()[:2], 2**62, *good_row()[3:]),
    (*good_row()[:3], "lost", *good_row()[4:]),
    (*good_row()[:5], b"{}"),
    (*good_row()[:5], b"[1]"),
    (*good_row()[:5], b"\xff"),
    row_of(b"[]"),
    row_of(b"{"),
    changed(lambda details: details.pop("label")),
    changed(lambda details: details.update(kind="gift")),
    changed(lambda details: details.update(origin=None)),
    changed(lambda details: details["origin"].update(actor="nobody")),
    changed(lambda details: details["origin"].update(name=1)),
    changed(lambda details: details.update(files={})),
    changed(lambda details: details.update(files=["a"])),
    changed(lambda details: details["files"][0].update(after={})),
    changed(lambda details: details["files"][0]["after"].update(mode="rwx")),
    changed(lambda details: details.update(targets=[1])),
    changed(lambda details: details["targets"][0].update(hunk_ids="h")),
    changed(lambda details: details["targets"][0].update(path=1)),
]


@pytest.mark.parametrize("row", BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_a_bad_row_is_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(Unreadable, match="a row of the undo journal is damaged"):
        entry_of(row)
