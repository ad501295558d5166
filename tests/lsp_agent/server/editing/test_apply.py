"""A change reaches the open documents and the disk whole, or not at all."""

import asyncio
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from mcp_tools.types.contents import Binary, Folder, State
from mcp_tools.types.edits import ChangeSet, RenameFile
from mcp_tools.types.errors import Conflict, Denied, ExpectedError, StaleEdit
from mcp_tools.types.text import digest_of
from tests.lsp_agent.server.sinking import PATIENT, Habits, Setup, names_of, sinking

OLD = "one\ntwo\nthree\n"
NEW = "one\n2\nthree\n"
UNVERSIONED = Habits(is_versioned=False)
# Each for something that never comes.
NO_NEWER_TEXT = replace(PATIENT, newer_text_s=0.1)
NO_MORE = replace(PATIENT, grace_s=0.1)
NO_REPORT = replace(PATIENT, sync_s=0.2)
NO_ANSWER = replace(PATIENT, answer_s=1.0)


async def with_two_open(setup: Setup) -> tuple[Path, Path]:
    """Open `a.py` and `b.py`, and have a `closed.py` on disk."""
    setup.write("closed.py", OLD)
    return await setup.open("a.py", OLD), await setup.open("b.py", OLD)


def change_of_all(setup: Setup) -> ChangeSet:
    """Give a change of the open files, a closed one, and one in a folder that is new."""
    return setup.change({"a.py": NEW, "b.py": NEW, "closed.py": NEW, "new/deep/made.py": "made\n"})


@pytest.mark.asyncio
async def test_open_files_change_in_the_editor_and_all_others_on_disk(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        a, b = await with_two_open(setup)
        await setup.apply(change_of_all(setup))
        assert (setup.editor.text(a), setup.editor.text(b)) == (NEW, NEW)
        assert names_of(setup.editor.requests) == [["a.py", "b.py"]]
        assert setup.on_disk() == {
            "a.py": OLD,
            "b.py": OLD,
            "closed.py": NEW,
            "new": None,
            "new/deep": None,
            "new/deep/made.py": "made\n",
        }


@pytest.mark.asyncio
async def test_unsaved_text_is_what_is_changed(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        a = await setup.open("a.py", "saved\n", OLD)
        await setup.apply(setup.change({"a.py": NEW}))
        assert setup.editor.text(a) == NEW
        assert setup.on_disk() == {"a.py": "saved\n"}


@pytest.mark.asyncio
async def test_without_an_open_file_the_editor_is_not_asked(tmp_path: Path) -> None:
    async with sinking(tmp_path, Habits(can_apply_edits=False)) as setup:
        await setup.open("open.py", OLD)
        setup.write("closed.py", OLD)
        await setup.apply(setup.change({"closed.py": NEW, "made.py": "made\n"}))
        assert setup.editor.requests == []
        assert setup.on_disk() == {"closed.py": NEW, "made.py": "made\n", "open.py": OLD}


@pytest.mark.asyncio
async def test_an_editor_that_takes_no_edits_is_told_before_anything_changes(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path, Habits(can_apply_edits=False)) as setup:
        a, _ = await with_two_open(setup)
        before = setup.on_disk()
        with pytest.raises(Denied, match="does not offer workspace/applyEdit"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk() == before
        assert setup.editor.text(a) == OLD


@pytest.mark.asyncio
async def test_an_edit_of_an_older_text_is_stale_and_nothing_is_sent(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        a, _ = await with_two_open(setup)
        changes, before = change_of_all(setup), setup.on_disk()
        setup.editor.type(a, "four\n")
        await setup.until(lambda: setup.workspace.snapshot().read(a).text == OLD + "four\n")
        with pytest.raises(StaleEdit):
            await setup.apply(changes)
        assert setup.editor.requests == []
        assert setup.on_disk() == before


@pytest.mark.asyncio
@pytest.mark.parametrize("is_versioned", [True, False])
@pytest.mark.parametrize("refused", ["a.py", "b.py"])
async def test_a_refusal_takes_everything_back(
    tmp_path: Path, refused: str, *, is_versioned: bool
) -> None:
    habits = Habits(is_versioned=is_versioned, refuses=frozenset({refused}))
    async with sinking(tmp_path, habits, NO_NEWER_TEXT) as setup:
        a, b = await with_two_open(setup)
        before = setup.on_disk()
        with pytest.raises(Denied, match=r"refused the edit \(no\); nothing was changed"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk() == before
        assert (setup.editor.text(a), setup.editor.text(b)) == (OLD, OLD)
        assert setup.workspace.snapshot().read(a).text == OLD


@pytest.mark.asyncio
@pytest.mark.parametrize("drops_old_edits", [True, False])
@pytest.mark.parametrize("is_versioned", [True, False])
async def test_typing_while_the_edit_is_on_its_way_takes_everything_else_back(
    tmp_path: Path, *, drops_old_edits: bool, is_versioned: bool
) -> None:
    habits = Habits(is_versioned=is_versioned, drops_old_edits=drops_old_edits)
    async with sinking(tmp_path, habits, NO_MORE) as setup:
        a, b = await with_two_open(setup)
        before = setup.on_disk()
        last = 1 if is_versioned else 2
        setup.editor.on_request = [lambda: None] * (last - 1)
        setup.editor.on_request.append(lambda: setup.editor.type(b, "four\n"))
        with pytest.raises(StaleEdit, match="nothing was changed"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk() == before
        assert (setup.editor.text(a), setup.editor.text(b)) == (OLD, OLD + "four\n")


@pytest.mark.asyncio
async def test_what_was_typed_since_stays_when_an_edit_is_taken_back(tmp_path: Path) -> None:
    habits = Habits(is_versioned=False, refuses=frozenset({"b.py"}))
    async with sinking(tmp_path, habits, NO_NEWER_TEXT) as setup:
        a, _ = await with_two_open(setup)
        setup.editor.on_request = [lambda: None, lambda: setup.editor.type(a, "four\n")]
        with pytest.raises(Denied, match="nothing was changed"):
            await setup.apply(change_of_all(setup))
        assert setup.editor.text(a) == OLD + "four\n"


@pytest.mark.asyncio
async def test_what_cannot_be_taken_back_is_named(tmp_path: Path) -> None:
    habits = Habits(is_versioned=False, refuses=frozenset({"b.py"}))
    async with sinking(tmp_path, habits, NO_NEWER_TEXT) as setup:
        a = await setup.open("a.py", "x = 1")
        await setup.open("b.py", OLD)
        setup.write("closed.py", OLD)
        setup.editor.on_request = [lambda: None, lambda: setup.editor.type(a, "3")]
        with pytest.raises(Conflict, match=r"refused .*; what had been changed .* in 'a.py'$"):
            await setup.apply(setup.change({"a.py": "x = 2", "b.py": NEW, "closed.py": NEW}))
        assert setup.editor.text(a) == "x = 23"
        assert setup.on_disk()["closed.py"] == OLD


@pytest.mark.asyncio
async def test_a_file_that_somebody_wrote_meanwhile_is_left_alone_and_named(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path, Habits(refuses=frozenset({"a.py"})), NO_NEWER_TEXT) as setup:
        await with_two_open(setup)
        setup.editor.on_request = [lambda: setup.write("closed.py", "theirs\n")]
        with pytest.raises(Conflict, match=r"in .*'closed.py'"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk()["closed.py"] == "theirs\n"


@pytest.mark.asyncio
async def test_an_editor_that_only_says_so_is_not_believed(tmp_path: Path) -> None:
    async with sinking(tmp_path, Habits(is_silent=frozenset({"b.py"})), NO_REPORT) as setup:
        a, _ = await with_two_open(setup)
        before = setup.on_disk()
        with pytest.raises(Conflict, match=r"said that it applied the edit, but 'b.py' did not"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk() == before
        assert setup.editor.text(a) == OLD


@pytest.mark.asyncio
async def test_an_editor_that_does_not_answer_holds_up_only_those_who_want_its_files(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path, patience=NO_ANSWER) as setup:
        await with_two_open(setup)
        before = setup.on_disk()
        setup.editor.may_answer.clear()
        held = asyncio.create_task(setup.apply(setup.change({"a.py": NEW, "closed.py": NEW})))
        await setup.apply(setup.change({"made.py": "made\n"}))
        assert not held.done()
        same = asyncio.create_task(setup.apply(setup.change({"a.py": "same file\n"})))
        with pytest.raises(Denied, match=r"did not answer .*; nothing was changed"):
            await held
        assert not same.done()
        assert setup.on_disk() == {**before, "made.py": "made\n"}
        setup.editor.may_answer.set()
        with pytest.raises(StaleEdit):  # The late answer came with the edit of the first.
            await same
        assert setup.editor.messages == []


@pytest.mark.asyncio
async def test_an_editor_that_leaves_is_not_waited_for_and_the_disk_is_put_back(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        await with_two_open(setup)
        before = setup.on_disk()
        setup.editor.may_answer.clear()
        setup.editor.on_request = [setup.sink.leave]
        with pytest.raises(Denied, match="the editor is closing; nothing was changed"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk() == before
        with pytest.raises(Denied, match="the editor is closing"):
            await setup.apply(setup.change({"closed.py": NEW}))
        assert setup.on_disk() == before


@pytest.mark.asyncio
async def test_an_editor_that_leaves_half_way_leaves_the_names_of_what_stays(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path, UNVERSIONED) as setup:
        await with_two_open(setup)
        before = setup.on_disk()

        def leave() -> None:
            setup.editor.may_answer.clear()
            setup.sink.leave()

        setup.editor.on_request = [lambda: None, leave]
        with pytest.raises(Conflict, match=r"closing; what had been changed .* in 'a.py'$"):
            await setup.apply(change_of_all(setup))
        assert setup.on_disk() == before


@pytest.mark.asyncio
async def test_an_edit_that_has_arrived_counts_whatever_the_editor_does_then(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        a = await setup.open("a.py", OLD)
        setup.write("closed.py", OLD)
        setup.workspace.subscribe(lambda modification, revision: setup.sink.leave())
        await setup.apply(setup.change({"a.py": NEW, "closed.py": NEW}))
        assert setup.editor.text(a) == NEW
        assert setup.on_disk() == {"a.py": OLD, "closed.py": NEW}


@pytest.mark.asyncio
async def test_a_cancelled_change_is_taken_back(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        await with_two_open(setup)
        before = setup.on_disk()
        setup.editor.may_answer.clear()
        applying = asyncio.create_task(setup.apply(change_of_all(setup)))
        setup.editor.on_request = [lambda: applying.cancel()]
        with pytest.raises(asyncio.CancelledError):
            await applying
        assert setup.on_disk() == before


@pytest.mark.asyncio
async def test_a_change_that_is_cancelled_while_it_is_written_is_taken_back(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        await with_two_open(setup)
        before = setup.on_disk()
        applying = asyncio.create_task(setup.apply(change_of_all(setup)))
        setup.disk.on_write = [lambda: applying.cancel()]
        with pytest.raises(asyncio.CancelledError):
            await applying
        assert setup.on_disk() == before
        assert setup.editor.requests == []


@pytest.mark.asyncio
async def test_the_mode_of_an_open_file_changes_on_disk_and_its_text_in_the_editor(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        a = await setup.open("a.py", "saved\n", OLD)
        await setup.apply(setup.change({"a.py": State(content=NEW, mode=0o755)}))
        assert setup.editor.text(a) == NEW
        assert setup.on_disk() == {"a.py": "saved\n"}
        assert stat.S_IMODE(a.stat().st_mode) == 0o755


@pytest.mark.asyncio
async def test_a_mode_is_put_back_when_the_text_is_refused(tmp_path: Path) -> None:
    async with sinking(tmp_path, Habits(refuses=frozenset({"a.py"})), NO_NEWER_TEXT) as setup:
        a = await setup.open("a.py", OLD)
        mode = stat.S_IMODE(a.stat().st_mode)
        with pytest.raises(Denied):
            await setup.apply(setup.change({"a.py": State(content=NEW, mode=0o755)}))
        assert stat.S_IMODE(a.stat().st_mode) == mode


@pytest.mark.asyncio
async def test_an_open_file_that_becomes_something_else_must_be_saved(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        await setup.open("a.py", "saved\n", OLD)
        with pytest.raises(Denied, match=r"'a.py' .* save or close it first"):
            await setup.apply(setup.change({"a.py": State(content=Binary(b"\0"))}))
        b = await setup.open("b.py", OLD)
        await setup.apply(setup.change({"b.py": State(content=Binary(b"\0"))}))
        assert b.read_bytes() == b"\0"


@pytest.mark.asyncio
@pytest.mark.parametrize("keeps_removed_open", [True, False])
@pytest.mark.parametrize("operations", [(), tuple(lsp.ResourceOperationKind)])
async def test_an_open_file_and_its_folder_are_removed(
    tmp_path: Path,
    operations: tuple[lsp.ResourceOperationKind, ...],
    *,
    keeps_removed_open: bool,
) -> None:
    habits = Habits(operations=operations, keeps_removed_open=keeps_removed_open)
    async with sinking(tmp_path, habits, NO_MORE) as setup:
        await setup.open("new/deep/made.py", OLD)
        setup.write("other.py", OLD)
        gone = dict.fromkeys(("new/deep/made.py", "new/deep", "new"))
        await setup.apply(setup.change({**gone, "other.py": NEW}))
        assert setup.on_disk() == {"other.py": NEW}
        assert len(setup.editor.requests) == bool(operations)


@pytest.mark.asyncio
async def test_an_open_file_is_there_again_when_its_folder_cannot_be_removed(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        await setup.open("new/made.py", OLD)
        (setup.root / "new/made.py").chmod(0o600)
        setup.write("other.py", OLD)
        setup.editor.on_request = [lambda: setup.write("new/theirs.py", "theirs\n")]
        with pytest.raises(ExpectedError):
            await setup.apply(setup.change({"new/made.py": None, "new": None, "other.py": NEW}))
        assert setup.on_disk() == {
            "new": None,
            "new/made.py": OLD,
            "new/theirs.py": "theirs\n",
            "other.py": OLD,
        }
        assert stat.S_IMODE((setup.root / "new/made.py").stat().st_mode) == 0o600


@pytest.mark.asyncio
async def test_what_was_typed_in_a_file_while_it_was_removed_is_there_again(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        a = await setup.open("a.py", OLD)
        setup.editor.on_request = [lambda: setup.editor.type(a, "typed\n")]
        with pytest.raises(StaleEdit, match=r"typed in 'a.py'"):
            await setup.apply(setup.change({"a.py": None}))
        assert setup.on_disk() == {"a.py": OLD + "typed\n"}


@pytest.mark.asyncio
async def test_a_refused_removal_changes_nothing(tmp_path: Path) -> None:
    async with sinking(tmp_path, Habits(refuses=frozenset({"a.py"})), NO_NEWER_TEXT) as setup:
        a, b = await with_two_open(setup)
        before = setup.on_disk()
        with pytest.raises(Denied, match="nothing was changed"):
            await setup.apply(setup.change({"a.py": None, "b.py": NEW, "closed.py": NEW}))
        assert setup.on_disk() == before
        assert (setup.editor.text(a), setup.editor.text(b)) == (OLD, OLD)


def renamed(a: Path, name: str) -> ChangeSet:
    change = RenameFile(path=a, new_path=a.with_name(name), base=digest_of(OLD))
    return ChangeSet(label="Test", files=(change,))


@pytest.mark.asyncio
async def test_an_open_file_gets_its_new_name_in_the_editor(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        a = await setup.open("a.py", OLD)
        await setup.apply(renamed(a, "b.py"))
        assert setup.on_disk() == {"b.py": OLD}
        assert setup.editor.text(setup.root / "b.py") == OLD


@pytest.mark.asyncio
async def test_a_new_name_is_taken_back_with_the_rest(tmp_path: Path) -> None:
    async with sinking(tmp_path) as setup:
        a = await setup.open("a.py", OLD)
        b = await setup.open("new/b.py", OLD)
        rest = setup.change({"new/b.py": None, "new": None})
        changes = ChangeSet(label="Test", files=(*renamed(a, "c.py").files, *rest.files))
        foreign: list[Callable[[], object]] = [lambda: None]
        foreign.append(lambda: setup.write("new/theirs.py", "theirs\n"))
        setup.editor.on_request = foreign
        with pytest.raises(ExpectedError):
            await setup.apply(changes)
        expected = {"a.py": OLD, "new": None, "new/b.py": OLD, "new/theirs.py": "theirs\n"}
        assert setup.on_disk() == expected
        assert setup.editor.text(a) == OLD
        assert b.exists()


@pytest.mark.asyncio
async def test_what_stands_in_the_way_on_disk_stops_the_change_before_the_editor(
    tmp_path: Path,
) -> None:
    async with sinking(tmp_path) as setup:
        a, _ = await with_two_open(setup)
        changes = change_of_all(setup)
        setup.write("new", "a file where a folder is wanted\n")
        before = setup.on_disk()
        with pytest.raises(ExpectedError):
            await setup.apply(changes)
        assert setup.on_disk() == before
        assert setup.editor.text(a) == OLD
        assert setup.editor.requests == []


@pytest.mark.asyncio
async def test_a_folder_that_is_made_goes_when_the_editor_refuses(tmp_path: Path) -> None:
    async with sinking(tmp_path, Habits(refuses=frozenset({"a.py"})), NO_NEWER_TEXT) as setup:
        await setup.open("a.py", OLD)
        with pytest.raises(Denied):
            await setup.apply(setup.change({"a.py": NEW, "empty": State(content=Folder())}))
        assert setup.on_disk() == {"a.py": OLD}
