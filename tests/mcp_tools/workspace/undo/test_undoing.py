"""Taking recorded changes back over what is there now."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.edits import CreateFile, SetContent
from mcp_tools.types.errors import NotFound, NotText, StaleEdit
from mcp_tools.types.journal import EntryKind, Target
from mcp_tools.workspace.hunks import hunks_between
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.undo.history import Scope
from mcp_tools.workspace.undo.undoing import UndoPlan, plan_undo
from tests.mcp_tools.workspace.recorded import ROOT, Recorded

FIVE = "1\n2\n3\n4\n5\n"


@pytest.fixture
def world() -> Iterator[Recorded]:
    with Recorded({"a": FIVE}) as recorded:
        yield recorded


def conflicts_of(plan: UndoPlan) -> list[tuple[str, int | None, str]]:
    return [
        (conflict.path.relative_to(ROOT).as_posix(), conflict.line_number, conflict.reason)
        for conflict in plan.conflicts
    ]


def test_an_undo_is_an_edit_of_the_text_of_now(world: Recorded) -> None:
    entry = world.change({"a": "1\n2\nthree\n4\n5\n"}, label="Write it out")
    world.put("a", "typed\n1\n2\nthree\n4\n5\n")
    plan = world.plan(Scope())
    assert plan.label == plan.changes.label == "Undo: Write it out"
    assert plan.kind is EntryKind.UNDO
    assert plan.targets == (Target(entry_id=entry.id),)
    assert plan.changes.paths == (ROOT / "a",)
    world.undo()
    assert world.text("a") == "typed\n" + FIVE


def test_a_redo_makes_it_again_over_what_was_typed_since(world: Recorded) -> None:
    world.change({"a": "1\n2\nthree\n4\n5\n"}, label="Write it out")
    undone = world.undo()
    world.put("a", FIVE + "typed\n")
    plan = world.redo()
    assert plan.kind is EntryKind.REDO
    assert plan.label == "Redo: Write it out"
    assert plan.targets[0].entry_id != undone.targets[0].entry_id
    assert world.text("a") == "1\n2\nthree\n4\n5\ntyped\n"
    assert world.undo().label == "Undo: Write it out"
    assert world.text("a") == FIVE + "typed\n"


def test_hunks_that_a_person_touched_are_named_and_left(world: Recorded) -> None:
    entry = world.change({"a": "one\n2\n3\n4\nfive\n"})
    world.put("a", "typed\none\n2\n3\n4\nfive, typed\n")
    plan = world.undo()
    assert world.text("a") == "typed\n1\n2\n3\n4\nfive, typed\n"
    assert conflicts_of(plan) == [("a", 6, "these lines were changed again by a later edit")]
    assert plan.conflicts[0].entry == entry
    hunks = hunks_between(ROOT / "a", State(content=FIVE), State(content="one\n2\n3\n4\nfive\n"))
    assert plan.targets == (Target(entry_id=entry.id, path="a", hunk_ids=(hunks[0].id,)),)
    assert plan.label == "Undo: change (in part)"


def test_a_conflict_names_the_change_that_touched_the_same_lines(world: Recorded) -> None:
    first = world.change({"a": "one\n2\n3\n4\n5\n"}, label="first")
    world.change({"a": "one\n2\n3\nfour\n5\n"}, label="second")
    world.change({"a": "ONE\n2\n3\nfour\n5\n"}, label="third")
    world.change({"a": "ONE\n2\n3\nfour\nfive\n"}, label="fourth")
    with pytest.raises(StaleEdit) as caught:
        world.undo(Scope(entry_id=first.id))
    assert str(caught.value) == (
        "nothing was taken back, what is there now was kept: "
        "a, line 1: these lines were changed again by #3 'third'"
    )
    assert world.text("a") == "ONE\n2\n3\nfour\nfive\n"


def test_who_is_in_the_way_is_not_known_when_the_contents_are_lost() -> None:
    with Recorded({"a": FIVE}) as world:
        first = world.change({"a": "one\n2\n3\n4\n5\n"})
        second = world.change({"a": "ONE\n2\n3\n4\n5\n"}, label="second")
        world.damage_contents(second.files[0].after)
        with pytest.raises(StaleEdit, match="changed again by a later edit"):
            world.undo(Scope(entry_id=first.id))


def test_a_place_is_told_once_though_a_redo_stumbles_there_too(world: Recorded) -> None:
    world.change({"a": "one\n2\n3\n4\nfive\n"})
    world.undo()
    world.redo()
    world.put("a", "one, typed\n2\n3\n4\nfive\n")
    plan = world.undo(Scope(entry_id="1"))
    assert [target.entry_id for target in plan.targets] == [world.journal.entry("3").id]
    assert conflicts_of(plan) == [("a", 1, "these lines were changed again by a later edit")]


def test_a_conflict_with_a_person_between_two_changes_names_no_change(world: Recorded) -> None:
    first = world.change({"a": "one\n2\n3\n4\n5\n"})
    world.put("a", "ONE\n2\n3\n4\n5\n")
    world.change({"a": "ONE\n2\n3\n4\nfive\n"}, label="elsewhere")
    with pytest.raises(StaleEdit, match="changed again by a later edit"):
        world.undo(Scope(entry_id=first.id))


def test_a_long_list_of_conflicts_is_cut(world: Recorded) -> None:
    world.put("a", "".join(f"{n}\n" for n in range(30)))
    world.change({"a": "".join(f"{n}{'!' * (n % 3 == 0)}\n" for n in range(30))})
    world.put("a", "".join(f"{n}{'?' * (n % 3 == 0)}\n" for n in range(30)))
    with pytest.raises(StaleEdit, match=r"line 13: [^;]*; and 5 more$"):
        world.undo()


def test_what_is_as_before_already_is_no_conflict_and_no_change(world: Recorded) -> None:
    entry = world.change({"a": "1\n", "b": "n\n"})
    world.put("a", FIVE)
    world.put("b", None)
    plan = world.undo()
    assert plan.changes.files == ()
    assert plan.conflicts == ()
    assert plan.targets == (Target(entry_id=entry.id),)
    with pytest.raises(NotFound, match="not undone yet"):
        world.undo()


def test_several_changes_of_a_path_become_one(world: Recorded) -> None:
    for n, text in enumerate(
        ("1\n2\n3\n4\nfive\n", "one\n2\n3\n4\nfive\n", "1st\n2\n3\n4\nfive\n")
    ):
        world.change({"a": text, f"new {n}": "n\n"}, turn="t", label=f"edit {n}")
    world.put("a", "1st\n2\ntyped\n4\nfive\n")
    plan = world.undo(Scope(turn_id="t"))
    assert plan.label == "Undo: edit 2 and 2 more"
    assert sorted(path.name for path in plan.changes.paths) == ["a", "new 0", "new 1", "new 2"]
    assert world.text("a") == "1\n2\ntyped\n4\n5\n"


# ---------------------------------------------------------------- files that come and go


def test_a_new_file_goes_only_as_it_was_left(world: Recorded) -> None:
    world.change({"d/new": "agent\n", "e/new": "agent\n"})
    world.put("d/new", "agent\ntyped\n")
    plan = world.undo()
    assert world.text("d/new") == "agent\ntyped\n"
    assert world.text("e/new") is None
    assert ROOT / "e" not in world.files
    assert conflicts_of(plan) == [
        ("d/new", None, "it was changed by a later edit after it was made, so it was not removed")
    ]
    assert plan.changes.annotations == ("the folder 'd' stays, there is 'new' in it by now",)


def test_a_deleted_file_comes_back_with_its_permissions_unless_there_is_another(
    world: Recorded,
) -> None:
    world.put("d/tool", State(content="run\n", mode=0o755))
    world.put("d/other", "old\n")
    world.change({"d/tool": None, "d/other": None, "d": None})
    world.put("d/other", "typed\n")
    plan = world.undo()
    assert world.files[ROOT / "d/tool"] == State(content="run\n", mode=0o755)
    assert world.text("d/other") == "typed\n"
    assert conflicts_of(plan) == [("d/other", None, "there is something else now, by a later edit")]


def test_everything_that_a_command_can_do_is_undone_exactly(world: Recorded) -> None:
    world.put("old/deep/file", "text\n")
    world.put("old/empty", State(content=Folder(), mode=0o700))
    world.put("script", State(content="run\n", mode=0o644))
    world.put("link", Link("a"))
    world.put("bytes", Binary(b"\0\1"))
    world.put("marked", State(content="x\n", mode=0o600, has_bom=True))
    world.put("turns", State(content=Folder(), mode=0o750))
    world.put("turns/in", "in\n")
    before = dict(world.files)
    world.change(
        {
            "old/deep/file": None,
            "old/deep": None,
            "old/empty": None,
            "old": None,
            "moved/file": "text\n",
            "made": Folder(),
            "script": State(content="run\n", mode=0o755),
            "link": Link("b"),
            "bytes": "text by now\n",
            "marked": State(content="y\n", mode=0o644),
            "turns/in": None,
            "turns": "a file by now\n",
            "a": Link("nowhere"),
        }
    )
    after = dict(world.files)
    world.undo()
    assert world.files == before
    world.redo()
    assert world.files == after


def test_a_folder_with_more_in_it_stays_and_its_own_files_go(world: Recorded) -> None:
    world.change({"pkg/mod.py": "x\n"})
    world.put("pkg/cache/mod.pyc", Binary(b"\0"))
    plan = world.undo()
    assert not plan.conflicts
    assert plan.changes.annotations == ("the folder 'pkg' stays, there is 'cache' in it by now",)
    assert world.text("pkg/mod.py") is None
    assert ROOT / "pkg/cache/mod.pyc" in world.files
    with pytest.raises(NotFound):
        world.undo()


def test_a_folder_that_was_a_file_stays_when_there_is_more_in_it(world: Recorded) -> None:
    world.change({"a": State(content=Folder()), "a/in": "in\n"})
    world.put("a/typed", "typed\n")
    plan = world.undo()
    assert conflicts_of(plan) == [("a", None, "there is 'typed' in the folder by now")]
    assert world.text("a/typed") == "typed\n"
    assert world.text("a/in") is None


def test_a_file_does_not_come_back_where_its_folder_is_none_any_more(world: Recorded) -> None:
    world.put("d/e/f", "f\n")
    world.change({"d/e/f": None, "d/e": None, "d": None, "a": "1\n"})
    world.put("d", "a file\n")
    plan = world.undo()
    assert world.text("a") == FIVE
    assert world.text("d") == "a file\n"
    assert conflicts_of(plan) == [
        ("d", None, "there is something else now, by a later edit"),
        ("d/e", None, "'d', in which it was, is no folder any more"),
        ("d/e/f", None, "'d', in which it was, is no folder any more"),
    ]


def test_a_folder_stays_for_what_an_older_undo_brings_back_into_it(world: Recorded) -> None:
    world.put("d/old", "old\n")
    world.change({"d/old": None}, turn="t")
    world.put("d", None)
    world.change({"d": Folder()}, turn="t")
    world.undo(Scope(turn_id="t"))
    assert world.text("d/old") == "old\n"


# ---------------------------------------------------------------- parts


def test_one_hunk_and_then_the_rest(world: Recorded) -> None:
    after = "one\n2\nthree\n4\nfive\n"
    entry = world.change({"a": after})
    hunks = hunks_between(ROOT / "a", State(content=FIVE), State(content=after))
    plan = world.undo(Scope(entry_id=entry.id, hunk_id=hunks[1].id))
    assert world.text("a") == "one\n2\n3\n4\nfive\n"
    assert plan.targets == (Target(entry_id=entry.id, path="a", hunk_ids=(hunks[1].id,)),)
    rest = world.undo()
    assert world.text("a") == FIVE
    assert rest.targets == (Target(entry_id=entry.id),)
    world.redo()
    assert world.text("a") == "one\n2\n3\n4\nfive\n"
    world.redo()
    assert world.text("a") == after


def test_a_hunk_that_was_undone_is_not_tried_again(world: Recorded) -> None:
    entry = world.change({"a": "one\n2\nthree\n4\n5\n"})
    first = hunks_between(ROOT / "a", State(content=FIVE), State(content="one\n2\n3\n4\n5\n"))[0]
    world.undo(Scope(entry_id=entry.id, hunk_id=first.id))
    world.put("a", "typed\n2\nthree\n4\n5\n")
    plan = world.undo()
    assert plan.conflicts == ()
    assert world.text("a") == "typed\n2\n3\n4\n5\n"


def test_an_unknown_hunk_is_refused_with_those_that_there_are(world: Recorded) -> None:
    entry = world.change({"a": "one\n2\n3\n4\n5\n"})
    hunk = hunks_between(ROOT / "a", State(content=FIVE), State(content="one\n2\n3\n4\n5\n"))[0]
    with pytest.raises(NotFound, match=f"has no hunk 'zzz' in 'a'; it has {hunk.id}"):
        world.plan_targets(Target(entry_id=entry.id, path="a", hunk_ids=("zzz",)))


def test_permissions_alone_can_be_taken_back(world: Recorded) -> None:
    world.change({"a": State(content="one\n2\n3\n4\n5\n", mode=0o755)})
    world.put("a", State(content="typed\n2\n3\n4\n5\n", mode=0o755))
    plan = world.undo()
    assert world.files[ROOT / "a"] == State(content="typed\n2\n3\n4\n5\n", mode=0o644)
    assert conflicts_of(plan) == [("a", 1, "these lines were changed again by a later edit")]


def test_permissions_that_were_changed_again_are_kept(world: Recorded) -> None:
    world.change({"a": State(content="one\n2\n3\n4\n5\n", mode=0o755)})
    world.put("a", State(content="one\n2\n3\n4\n5\n", mode=0o700))
    plan = world.undo()
    assert world.files[ROOT / "a"] == State(content=FIVE, mode=0o700)
    assert conflicts_of(plan) == [("a", None, "its permissions were changed again by a later edit")]


def test_a_file_that_is_gone_or_no_text_any_more_is_left_alone(world: Recorded) -> None:
    world.put("b", FIVE)
    world.put("c", Binary(b"\0"))
    world.change({"a": "1\n", "b": "1\n", "c": Binary(b"\1"), "d": "n\n"})
    world.put("a", None)
    world.put("b", Binary(b"\0"))
    world.put("c", Binary(b"\2"))
    plan = world.undo()
    assert conflicts_of(plan) == [
        ("a", None, "it is gone since then"),
        ("b", None, "it is no text file any more"),
        ("c", None, "it was replaced or changed again by a later edit"),
    ]


# ---------------------------------------------------------------- points in time


def test_back_to_a_point_in_time_and_forth(world: Recorded) -> None:
    texts = ["1\n2\n3\n4\nfive\n", "one\n2\n3\n4\nfive\n", "uno\n2\n3\n4\nfive\n"]
    entries = [world.change({"a": text}, label=text[:3]) for text in texts]
    world.undo(Scope(entry_id=entries[0].id))
    world.redo()
    world.undo()
    assert world.text("a") == "uno\n2\n3\n4\n5\n"
    for number in (1, 2, 3):
        world.undo(Scope(after_id=f"#{number}"))
        assert world.text("a") == texts[number - 1]
    world.undo(Scope(since=entries[0].at - timedelta(seconds=1)))
    assert world.text("a") == FIVE
    world.redo()
    assert world.text("a") == texts[2]


def test_what_a_person_typed_since_a_point_in_time_stays(world: Recorded) -> None:
    world.change({"a": "one\n2\n3\n4\n5\n"})
    world.put("a", "one\n2\ntyped\n4\n5\n")
    world.change({"a": "one\n2\ntyped\n4\nfive\n"})
    world.put("a", "one\n2\ntyped\n4\nfive, typed\n")
    plan = world.undo(Scope(since=world.moment - timedelta(hours=1)))
    assert world.text("a") == "1\n2\ntyped\n4\nfive, typed\n"
    assert [(conflict.entry.number, conflict.line_number) for conflict in plan.conflicts] == [
        (2, 5)
    ]


# ---------------------------------------------------------------- what cannot be read


def test_contents_that_were_dropped_are_named_and_the_rest_is_undone() -> None:
    small = Limits(max_store_bytes=4096)
    with Recorded({"a": FIVE}, limits=small) as world:
        old = world.change({"a": "one\n2\n3\n4\n5\n"})
        noise = "".join(f"{n * n * 7919 % 10007}\n" for n in range(4000))
        for n in range(3):
            world.change({"noise": f"{n}\n{noise}"})
        with pytest.raises(StaleEdit, match="its contents are not kept any more"):
            world.undo(Scope(entry_id=old.id))
        assert world.text("a") == "one\n2\n3\n4\n5\n"


def test_what_cannot_be_read_now_is_left_alone(world: Recorded) -> None:
    world.change({"a": "1\n", "d/new": "n\n"})

    def read_state(path: Path) -> State | None:
        if path == ROOT / "a":
            raise NotText("'a' is a pipe")
        return world.files.get(path)

    plan = plan_undo(
        world.journal,
        ROOT,
        read_state,
        world.plan(Scope()).targets,
        read_entries=world.entries_of,
    )
    assert conflicts_of(plan) == [("a", None, "'a' is a pipe")]
    assert {path.name for path in plan.changes.paths} == {"d", "new"}


def test_a_folder_that_cannot_be_read_is_in_the_way(world: Recorded) -> None:
    world.put("d/old", "old\n")
    world.change({"d/old": None, "a": "1\n"})

    def read_state(path: Path) -> State | None:
        if path == ROOT / "d":
            raise NotText("'d' is a pipe")
        return world.files.get(path)

    targets = world.plan(Scope()).targets
    plan = plan_undo(world.journal, ROOT, read_state, targets, read_entries=world.entries_of)
    assert conflicts_of(plan) == [("d/old", None, "'d' is a pipe")]
    assert [path.name for path in plan.changes.paths] == ["a"]


def test_a_folder_whose_list_cannot_be_read_stays(world: Recorded) -> None:
    world.change({"d/new": "n\n"})

    def read_entries(folder: Path) -> list[Path]:
        raise NotText(f"{folder.name!r} may not be read")

    targets = world.plan(Scope()).targets
    plan = plan_undo(world.journal, ROOT, world.files.get, targets, read_entries=read_entries)
    assert [path.name for path in plan.changes.paths] == ["new"]
    assert plan.changes.annotations == (
        "the folder 'd' stays, there is \"'d' may not be read\" in it by now",
    )


def test_targets_that_are_not_there_are_refused(world: Recorded) -> None:
    entry = world.change({"a": "1\n"})
    with pytest.raises(NotFound, match="no entry 'zzzz'"):
        world.plan_targets(Target(entry_id="zzzz"))
    with pytest.raises(NotFound, match="#1 did not change 'b'"):
        world.plan_targets(Target(entry_id=entry.id, path="b"))


def test_a_change_that_was_not_made_is_not_taken_back(world: Recorded) -> None:
    world.change({"a": "1\n"})
    failed = world.fail({"a": "2\n"})
    with pytest.raises(NotFound, match="#2 was not made to its end"):
        world.plan_targets(Target(entry_id=failed.id))


def test_no_target_at_all_is_no_change(world: Recorded) -> None:
    plan = world.plan_targets()
    assert plan.changes.files == ()
    assert plan.targets == ()
    assert plan.label == "Undo"


def test_a_content_that_is_damaged_is_said_and_nothing_is_changed(world: Recorded) -> None:
    world.change({"a": "1\n"})
    world.damage_contents()
    with pytest.raises(StaleEdit, match="damaged"):
        world.undo()
    assert world.text("a") == "1\n"


def test_kinds_of_changes_are_the_smallest(world: Recorded) -> None:
    world.put("b", Binary(b"\0"))
    world.change({"a": None, "b": Link("a")})
    files = world.plan(Scope()).changes.files
    assert [type(change) for change in files] == [CreateFile, SetContent]
