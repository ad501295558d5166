"""What stands of recorded changes after undos and redos of them, at any depth."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.journal import (
    Actor,
    Entry,
    EntryKind,
    EntryState,
    FileRecord,
    Origin,
    StoredState,
    Target,
)
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.undo.standing import Part, Standing, Status
from tests.mcp_tools.workspace.texts import many

hunk_ids = st.sampled_from(["h1", "h2", "h3"])
parts = st.builds(Part, st.frozensets(hunk_ids), is_others=st.booleans())
ALL = Part(is_others=True)

_KINDS = {"c": EntryKind.CHANGE, "u": EntryKind.UNDO, "r": EntryKind.REDO}


def entry(name: str, *targets: Target, paths: str = "ab", is_done: bool = True) -> Entry:
    """Give an entry; its name is its number behind the first letter of its kind."""
    stored = StoredState(kind="text", digest=digest_of(""), size_bytes=0, mode=None)
    return Entry(
        number=int(name[1:]),
        id=name,
        at=datetime(2026, 3, 14, tzinfo=UTC),
        state=EntryState.DONE if is_done else EntryState.FAILED,
        kind=_KINDS[name[0]],
        label=name,
        origin=Origin(actor=Actor.TOOL, name="t"),
        files=tuple(FileRecord(path=path, before=None, after=stored) for path in paths),
        targets=targets,
        notes=(),
    )


def of(name: str, path: str | None = None, *ids: str) -> Target:
    return Target(entry_id=name, path=path, hunk_ids=ids)


def told(*entries: Entry) -> dict[str, Status]:
    """Give the status of each entry; in which order they come must not matter."""
    standing = Standing(entries[::-1])
    return {entry.id: standing.status(entry) for entry in entries}


def statuses(*entries: Entry) -> str:
    """Give the statuses in a row: `+` applied, `-` undone, `~` partly, `0` nothing."""
    letters = {
        Status.APPLIED: "+",
        Status.UNDONE: "-",
        Status.PARTLY_UNDONE: "~",
        Status.NOTHING: "0",
    }
    return "".join(letters[status] for status in told(*entries).values())


@given(parts, parts, hunk_ids | st.just("another"))
@many
def test_parts_are_sets_of_hunks(a: Part, b: Part, hunk_id: str) -> None:
    assert (hunk_id in a | b) is (hunk_id in a or hunk_id in b)
    assert (hunk_id in a - b) is (hunk_id in a and hunk_id not in b)
    assert not (a.is_nothing and hunk_id in a)
    assert not (a.is_all and hunk_id not in a)


def test_a_change_that_nobody_took_back_is_applied() -> None:
    assert statuses(entry("c1"), entry("c2", paths="")) == "++"


def test_a_change_that_failed_is_nothing_and_takes_nothing_back() -> None:
    assert statuses(entry("c1"), entry("u2", of("c1"), is_done=False)) == "+0"


def test_undo_and_redo_go_to_any_depth() -> None:
    entries = [entry("c1")]
    expected = ["+", "-+", "+-+", "-+-+", "+-+-+"]
    for number in range(2, 7):
        assert statuses(*entries) == expected[number - 2]
        kind = "u" if number % 2 == 0 else "r"
        entries.append(entry(f"{kind}{number}", of(entries[-1].id)))


def test_who_goes_back_and_forth_hundreds_of_times_is_followed() -> None:
    entries = [entry("c1", paths="a")]
    for number in range(2, 1102):
        kind = "u" if number % 2 == 0 else "r"
        entries.append(entry(f"{kind}{number}", of(entries[-1].id), paths="a"))
    assert statuses(*entries) == "+-" * 550 + "+"


def test_one_path_of_several_leaves_a_change_partly_undone() -> None:
    assert statuses(entry("c1"), entry("u2", of("c1", "a"), paths="a")) == "~+"
    both = entry("c1"), entry("u2", of("c1", "a"), paths="a"), entry("u3", of("c1", "b"))
    assert statuses(*both) == "-++"


def test_hunks_leave_a_change_partly_undone_until_a_path_is_taken_whole() -> None:
    some = entry("c1", paths="a"), entry("u2", of("c1", "a", "h1"), paths="a")
    assert statuses(*some) == "~+"
    assert statuses(*some, entry("u3", of("c1", "a"), paths="a")) == "-++"


def test_of_two_undos_that_overlap_each_gives_back_what_it_took() -> None:
    change = entry("c1", paths="a")
    hunk, rest = entry("u2", of("c1", "a", "h1"), paths="a"), entry("u3", of("c1"), paths="a")
    standing = Standing([change, hunk, rest, entry("r4", of("u2"), paths="a")])
    assert standing.taken("c1", "a") == Part(frozenset({"h1"}), is_others=True)
    standing = Standing([change, hunk, rest, entry("r4", of("u3"), paths="a")])
    assert standing.taken("c1", "a") == Part(frozenset({"h1"}))


def test_back_to_a_point_in_time_and_forth_again_is_followed() -> None:
    """The undo takes an undo and what that undid, and a redo gives both back in turn."""
    before = entry("c1"), entry("u2", of("c1")), entry("r3", of("u2"))
    back = entry("u4", of("r3"), of("u2"), of("c1"))
    assert statuses(*before, back) == "---+"
    assert statuses(*before, back, entry("r5", of("u4"))) == "+-+-+"


def test_an_undo_stands_for_a_path_that_it_had_no_need_to_change() -> None:
    change = entry("c1")
    undo = entry("u2", of("c1"), paths="a")
    assert statuses(change, undo) == "-+"
    assert statuses(change, undo, entry("r3", of("u2"), paths="a")) == "+-+"


def test_targets_that_are_not_in_the_history_any_more_are_skipped() -> None:
    assert statuses(entry("u2", of("c1"))) == "+"
    assert statuses(entry("u2", of("c1")), entry("r3", of("u2"))) == "-+"


def test_of_an_undo_that_was_undone_in_part_nobody_knows_what_is_there_again() -> None:
    change = entry("c1", paths="a")
    entries = change, entry("u2", of("c1"), paths="a"), entry("r3", of("u2", "a", "g1"), paths="a")
    assert statuses(*entries) == "~~+"
    standing = Standing(entries)
    assert standing.gone("c1", "a").is_all
    assert standing.stands("c1", "a")
    assert not standing.is_open("c1", "a")
    assert standing.is_open("r3", "a")
    assert "g1" not in Part(is_others=True) - standing.gone("u2", "a")
    newest = standing.undone_by(change)
    assert newest is not None
    assert newest.id == "u2"


def test_hunks_that_no_undo_ever_took_can_be_taken_whatever_became_of_the_others() -> None:
    standing = Standing(
        [
            entry("c1", paths="a"),
            entry("u2", of("c1", "a", "h1", "h2"), paths="a"),
            entry("r3", of("u2"), paths="a"),
            entry("u4", of("r3", "a", "g1"), paths="a"),
        ]
    )
    assert standing.taken("c1", "a").is_nothing
    assert standing.gone("c1", "a") == Part(frozenset({"h1", "h2"}))
    assert standing.is_open("c1", "a")


def test_roots_are_the_changes_that_a_redo_is_about() -> None:
    entries = (
        entry("c1"),
        entry("c2", paths="b"),
        entry("u3", of("c1"), of("c2")),
        entry("r4", of("u3")),
    )
    standing = Standing(entries)
    assert standing.roots("r4", "a") == {"c1"}
    assert standing.roots("r4", "b") == {"c1", "c2"}
    assert standing.roots("c1", "a") == {"c1"}
    assert standing.roots("r4", "of nobody") == frozenset()


def test_a_redo_is_overtaken_by_who_takes_back_the_same_past_it() -> None:
    entries = entry("c1"), entry("u2", of("c1")), entry("r3", of("u2"))
    assert Standing(entries).overtaken_by("r3", "a") is None
    past = entry("u4", of("c1", "a"), paths="a")
    standing = Standing((*entries, past))
    assert standing.overtaken_by("r3", "a") is past
    assert standing.overtaken_by("r3", "b") is None
    assert not standing.is_open("r3", "a")
    assert standing.is_open("r3", "b")
    again = Standing((*entries, past, entry("r5", of("u4"), paths="a")))
    assert again.overtaken_by("r3", "a") is None


def test_what_is_planned_counts_as_soon_as_it_is_told() -> None:
    change = entry("c1")
    standing = Standing([change])
    standing.take("planned", of("c1", "a"))
    assert standing.taken("c1", "a") == ALL
    assert standing.status(change) is Status.PARTLY_UNDONE
    assert standing.undone_by(change) is None
