"""Which jobs a change becomes, and in which order."""

from collections.abc import Mapping

import pytest

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.workspace.disk.plan import Wanted, fits, holds, plan
from mcp_tools.workspace.disk.source import DiskSource
from tests.support.desk import Desk

States = Mapping[str, State | None]


def text(content: str = "", mode: int | None = None) -> State:
    """Give the state of a text file."""
    return State(content=content, mode=mode)


def folder(mode: int | None = None) -> State:
    """Give the state of a folder."""
    return State(content=Folder(), mode=mode)


def wanted(
    desk: Desk, before: States, after: States, old_names: Mapping[str, str] | None = None
) -> Wanted:
    """Give what is wanted, by names from the root."""
    names = {*before, *after}
    return Wanted(
        root=desk.root,
        entry_id="id",
        read=DiskSource(desk.root).state,
        before={desk.root / name: before.get(name) for name in names},
        after={desk.root / name: after.get(name) for name in names},
        old_names={desk.root / n: desk.root / o for n, o in (old_names or {}).items()},
    )


def jobs(
    desk: Desk, before: States, after: States, old_names: Mapping[str, str] | None = None
) -> list[str]:
    """Give the jobs of a change as `kind name`."""
    planned = plan(wanted(desk, before, after, old_names))
    return [f"{job.kind} {job.path.relative_to(desk.root).as_posix()}" for job in planned]


def test_what_goes_goes_first_and_from_inside_out(desk: Desk) -> None:
    before = {"a": folder(), "a/b": folder(), "a/b/c": text(), "z": text("old")}
    assert jobs(desk, before, {"z": text("new"), "new": text()}) == [
        "remove a/b/c",
        "remove folder a/b",
        "remove folder a",
        "make new",
        "replace z",
    ]


def test_folders_are_made_before_what_is_in_them_also_unasked(desk: Desk) -> None:
    assert jobs(desk, {}, {"b/c/d": text(), "a": folder(), "a/x": text()}) == [
        "make folder a",
        "make folder b",
        "make a/x",
        "make folder b/c",
        "make b/c/d",
    ]


def test_a_folder_opens_before_its_files_change_and_closes_after_them(desk: Desk) -> None:
    before = {"opens": folder(0o500), "closes": folder(0o700), "opens/a": text(), "b": text()}
    after = {"opens": folder(0o700), "closes": folder(0o500), "new": folder(0o500), "b": text()}
    assert jobs(desk, before, after) == [
        "set mode opens",
        "remove opens/a",
        "make folder new",
        "set mode closes",
        "set mode new",
    ]


def test_a_file_that_changes_its_kind_goes_first(desk: Desk) -> None:
    before = {"a": text(), "b": folder(), "b/x": text(), "c": text()}
    after = {"a": folder(), "a/x": text(), "b": text(), "c": State(content=Link("a"))}
    assert jobs(desk, before, after) == [
        "remove b/x",
        "remove a",
        "remove folder b",
        "make folder a",
        "make b",
        "replace c",
        "make a/x",
    ]


def test_what_stays_is_no_job(desk: Desk) -> None:
    same = {"a": text("a", 0o644), "b": State(content=Binary(b"a")), "c": folder(0o755)}
    assert jobs(desk, same, same | {"a": text("a"), "b": text("a")}) == []


def test_a_rename_is_one_step(desk: Desk) -> None:
    desk.write("a", "a")
    assert jobs(desk, {"a": text("a")}, {"x/b": text("a")}, {"x/b": "a"}) == [
        "make folder x",
        "rename x/b",
    ]


@pytest.mark.parametrize(
    ("before", "after", "new", "old"),
    [
        ({"d": folder(), "d/a": text()}, {"b": text()}, "b", "d/a"),
        ({"d": folder(), "d/a": text()}, {"d": text()}, "d", "d/a"),
        ({"a": text()}, {"A": text()}, "A", "a"),
    ],
)
def test_a_rename_goes_by_way_of_the_temporary_name_where_it_must(
    desk: Desk, before: States, after: States, new: str, old: str
) -> None:
    desk.write(old, "")
    found = jobs(desk, before, after, {new: old})
    assert found[0] == f"take out {old}"
    assert found[-1] == f"make {new}"


@pytest.mark.parametrize("state", [None, text()])
def test_a_file_in_what_will_be_no_folder_is_refused(desk: Desk, state: State | None) -> None:
    (desk.root / "a").mkdir()
    with pytest.raises(InvalidEdit, match="expected a folder at 'a'"):
        jobs(desk, {"a": folder()}, {"a": state, "a/b": text()})


def test_temporary_files_lie_in_the_nearest_folder_that_stays(desk: Desk) -> None:
    for name in ("stays/goes", "mode"):
        (desk.root / name).mkdir(parents=True)
    before = {"stays/goes": folder(), "stays/goes/a": text(), "mode": folder(0o755)}
    after = {"stays/new/deep/b": text(), "mode": folder(0o700), "mode/c": text(), "stays/d": text()}
    planned = plan(wanted(desk, before, after))
    found = {job.path.name: job.temporary.parent.relative_to(desk.root) for job in planned}
    assert [str(found[name]) for name in "abcd"] == ["stays", "stays", ".", "stays"]
    assert len({job.temporary for job in planned}) == len({job.path for job in planned})


def test_a_temporary_name_tells_the_entry_and_fits_any_file_system(desk: Desk) -> None:
    (job,) = plan(wanted(desk, {}, {"é" * 120: text()}))
    assert job.temporary.name.startswith(".lsp-agent-id-")
    assert job.temporary.suffix == ".tmp"
    assert len(job.temporary.name) < 100


@pytest.mark.parametrize(
    ("found", "expected", "is_held", "is_fit"),
    [
        (None, None, True, True),
        (None, text(), False, False),
        (text("a", 0o600), text("a", 0o600), True, True),
        (text("a", 0o600), text("a", 0o644), True, False),
        (text("a", 0o600), text("a"), True, True),
        (text("a"), State(content=Binary(b"a")), True, True),
        (State(content="a", has_bom=True), State(content=Binary(b"\xef\xbb\xbfa")), True, True),
        (State(content="a", has_bom=True), text("a"), False, False),
        (State(content=Link("a")), text("a"), False, False),
        (folder(0o700), folder(0o755), True, False),
    ],
)
def test_states_are_compared_by_what_would_be_on_disk(
    found: State | None, expected: State | None, *, is_held: bool, is_fit: bool
) -> None:
    assert holds(found, expected) is holds(expected, found) is is_held
    assert fits(found, expected) is fits(expected, found) is is_fit
