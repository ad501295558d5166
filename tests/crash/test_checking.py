"""The checker of crashes finds what must never be found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_tools.types.journal import Actor, NewEntry, Origin, Transition
from tests.crash.checking import check
from tests.crash.scenario import (
    FIVE_FILES,
    Place,
    apply_change,
    lay_out,
    picture_after,
    picture_of,
    record_earlier_change,
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "run")
    lay_out(FIVE_FILES, place)
    record_earlier_change(place)
    return place


def test_a_change_that_was_never_begun_is_fine(place: Place) -> None:
    verdict = check(FIVE_FILES, place, is_acknowledged=False)
    assert (verdict.outcome, verdict.problems) == ("never began", ())


def test_a_whole_change_is_fine(place: Place) -> None:
    apply_change(FIVE_FILES, place)
    verdict = check(FIVE_FILES, place, is_acknowledged=True)
    assert (verdict.outcome, verdict.problems) == ("done", ())
    assert picture_of(place.root) == picture_after(FIVE_FILES)


def _tear(place: Place) -> None:
    (place.root / "text.txt").write_bytes(b"on")


def _mix(place: Place) -> None:
    (place.root / "gone.txt").unlink()


def _leave_over(place: Place) -> None:
    (place.root / "sub" / ".lsp-agent-x-0.tmp").touch()


def _change_a_mode(place: Place) -> None:
    (place.root / "sub" / "old.sh").chmod(0o644)


def _tell_wrongly(place: Place) -> None:
    journal = place.journal()
    made = Transition(path=place.root / "a", before=None, after=None)
    origin = Origin(actor=Actor.TOOL, name="crash")
    entry = journal.begin(NewEntry(label="x", origin=origin, transitions=(made,)))
    journal.finish(entry.id)
    journal.close()


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (_tear, "neither old nor new: text.txt"),
        (_mix, "not all old: ['gone.txt']"),
        (_leave_over, "not all old: ['sub/.lsp-agent-x-0.tmp']"),
        (_change_a_mode, "neither old nor new: sub/old.sh"),
        (_tell_wrongly, "all old, but"),
    ],
)
def test_what_must_not_be_is_found(
    place: Place, harm: Callable[[Place], None], problem: str
) -> None:
    harm(place)
    problems = check(FIVE_FILES, place, is_acknowledged=False).problems
    assert any(problem in found for found in problems), problems


def test_an_acknowledged_change_that_is_gone_is_found(place: Place) -> None:
    problems = check(FIVE_FILES, place, is_acknowledged=True).problems
    assert problems == ("the change was acknowledged, but is not done",)
