"""The live workspace: one writer, and edits held over text that moves."""

from dataclasses import replace

import pytest

from mcp_tools.types.edits import RenameFile
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.proposals import Proposal, ProposedFile
from mcp_tools.workspace.workspace import (
    CloseBuffer,
    DiskChanged,
    Draft,
    Drop,
    Hold,
    Modification,
    Put,
    SetBuffer,
    Workspace,
)
from tests.mcp_tools.workspace.changing import changes, create, modify
from tests.support.desk import Desk


def text_of(desk: Desk, name: str) -> str:
    return desk.document(name).text


def test_each_modification_has_a_revision_and_is_told(desk: Desk) -> None:
    told: list[tuple[Modification, int]] = []
    stop = desk.workspace.subscribe(lambda modification, at: told.append((modification, at)))
    path = desk.root / "a.txt"
    done: list[Modification] = [
        SetBuffer(path=path, text="a", version=1),
        CloseBuffer(path),
        Hold(proposal_id="p", changes=changes(create(path, "a"))),
        Drop("p"),
        Drop("p"),
        DiskChanged((path,)),
    ]
    assert [desk.workspace.apply(one) for one in done] == [1, 2, 3, 4, 5, 6]
    assert told == [(one, at) for at, one in enumerate(done, start=1)]
    stop()
    desk.workspace.apply(Drop("p"))
    assert len(told) == len(done)
    assert desk.workspace.revision == desk.workspace.snapshot().revision == 7


def test_a_listener_sees_the_new_state_and_may_modify_it(desk: Desk) -> None:
    path = desk.root / "a.txt"
    told: list[tuple[str, int]] = []

    def answer(modification: Modification, revision: int) -> None:
        if isinstance(modification, SetBuffer):
            assert desk.workspace.snapshot().read(path).text == modification.text
            desk.workspace.apply(Drop("p"))
        told.append((type(modification).__name__, revision))

    desk.workspace.subscribe(answer)
    desk.workspace.subscribe(lambda m, revision: told.append((f"2: {type(m).__name__}", revision)))
    assert desk.workspace.apply(SetBuffer(path=path, text="a", version=1)) == 1
    assert told == [("Drop", 2), ("2: Drop", 2), ("SetBuffer", 1), ("2: SetBuffer", 1)]


def test_the_text_that_an_editor_shows_is_known(desk: Desk) -> None:
    desk.write("a.txt", "disk")
    assert desk.workspace.buffer(desk.root / "a.txt") is None
    desk.type_in_editor("a.txt", "typed")
    buffer = desk.workspace.buffer(desk.root / "a.txt")
    assert buffer is not None
    assert (buffer.text, buffer.version) == ("typed", 1)


def test_edits_held_one_after_the_other_become_one_change(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n2\n3\n")
    desk.propose(changes(modify(path, "1\n2\n3\n", "one\n2\n3\n"), label="first"))
    desk.propose(changes(modify(path, "one\n2\n3\n", "one\n2\nthree\n"), label="second"))
    change = desk.workspace.proposed_changes("p")
    assert change == changes(modify(path, "1\n2\n3\n", "one\n2\nthree\n"), label="first")


def test_an_edit_that_takes_another_back_leaves_nothing(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n")
    desk.propose(changes(modify(path, "1\n", "2\n"), create(desk.root / "new", "")))
    desk.propose(changes(modify(path, "2\n", "1\n")))
    desk.propose_deletion("new")
    assert desk.workspace.proposed_changes("p").files == ()


def test_a_held_edit_moves_along_under_typing(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n2\n")
    desk.propose(changes(modify(path, "1\n2\n", "1\ntwo\n")))
    desk.type_in_editor("a.txt", "typed\n1\n2\n")
    assert text_of(desk, "a.txt") == "typed\n1\ntwo\n"
    assert desk.workspace.proposed_changes("p").files == (
        modify(path, "typed\n1\n2\n", "typed\n1\ntwo\n"),
    )
    desk.propose(changes(modify(path, "typed\n1\ntwo\n", "typed\none\ntwo\n")))
    desk.type_in_editor("a.txt", "typed more\n1\n2\n")
    assert text_of(desk, "a.txt") == "typed more\none\ntwo\n"


def test_typing_where_an_edit_is_held_makes_it_stale_until_it_is_undone(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n2\n")
    desk.propose(changes(modify(path, "1\n2\n", "one\n2\n")))
    desk.type_in_editor("a.txt", "1!\n2\n")
    assert text_of(desk, "a.txt") == "1!\n2\n"
    with pytest.raises(StaleEdit, match=r"line 1 of 'a\.txt'"):
        desk.workspace.proposed_changes("p")
    desk.type_in_editor("a.txt", "1\n2\n")
    assert text_of(desk, "a.txt") == "one\n2\n"


def test_a_new_edit_of_a_stale_file_takes_the_place_of_the_old_one(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n2\n")
    desk.propose(changes(modify(path, "1\n2\n", "one\n2\n")))
    desk.type_in_editor("a.txt", "1!\n2\n")
    desk.propose(changes(modify(path, "1!\n2\n", "1!\ntwo\n")))
    assert desk.workspace.proposed_changes("p").files == (modify(path, "1!\n2\n", "1!\ntwo\n"),)


@pytest.mark.parametrize(
    ("old", "error"), [("other\n", StaleEdit), (None, InvalidEdit)], ids=["stale", "twice"]
)
def test_an_edit_that_cannot_be_held_changes_nothing(
    desk: Desk, old: str | None, error: type[Exception]
) -> None:
    path = desk.write("a.txt", "1\n")
    first = modify(path, "1\n", "one\n")
    held = (first, first) if old is None else (modify(path, old, "x\n"),)
    with pytest.raises(error):
        desk.propose(changes(create(desk.root / "new.txt", ""), *held))
    assert desk.workspace.revision == 0
    with pytest.raises(NotFound):
        desk.workspace.proposal("p")


def test_an_edit_of_text_without_the_proposal_is_stale(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n")
    desk.propose(changes(modify(path, "1\n", "one\n")))
    with pytest.raises(StaleEdit):
        desk.propose(changes(modify(path, "1\n", "two\n")))
    assert text_of(desk, "a.txt") == "one\n"


def test_a_rename_is_held_as_a_file_gone_and_a_file_made(desk: Desk) -> None:
    path, new_path = desk.write("a.txt", "1\n"), desk.root / "sub" / "b.txt"
    desk.propose(changes(RenameFile(path=path, new_path=new_path, base=digest_of("1\n"))))
    snapshot = desk.workspace.snapshot("p")
    assert snapshot.removed() == {path}
    assert snapshot.read(new_path).text == "1\n"
    assert desk.workspace.proposed_changes("p").paths == (path, new_path)


def test_proposals_of_two_turns_do_not_see_one_another(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n")
    for turn in ("p", "q"):
        change = changes(modify(path, "1\n", f"{turn}\n"))
        desk.workspace.apply(Hold(proposal_id=turn, changes=change))
    assert desk.workspace.snapshot("p").read(path).text == "p\n"
    assert desk.workspace.snapshot("q").read(path).text == "q\n"
    desk.workspace.apply(Drop("p"))
    assert desk.workspace.snapshot("p").read(path).text == "1\n"
    assert desk.workspace.proposal("q").label == "change"


def test_a_proposal_that_is_settled_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no proposal 'p'; it may be settled"):
        desk.workspace.proposed_changes("p")


# ------------------------------------------------------------------ proposals on proposals


def draft(desk: Desk, key: str, *below: str) -> None:
    desk.workspace.apply(Draft(proposal=Proposal(id=key, label=key, below=below)))


def publish(desk: Desk, key: str) -> None:
    desk.workspace.apply(Put(replace(desk.workspace.proposal(key), is_draft=False)))


def hold(desk: Desk, key: str, old: str, new: str) -> None:
    change = changes(modify(desk.root / "a.txt", old, new))
    desk.workspace.apply(Hold(proposal_id=key, changes=change))


def open_ids(desk: Desk) -> list[str]:
    return [proposal.id for proposal in desk.workspace.open_proposals()]


def test_a_draft_is_seen_by_its_turn_and_waits_for_nobody(desk: Desk) -> None:
    desk.write("a.txt", "1\n")
    draft(desk, "p")
    hold(desk, "p", "1\n", "one\n")
    assert text_of(desk, "a.txt") == "one\n"
    assert desk.workspace.proposal("p").is_draft
    assert open_ids(desk) == []
    publish(desk, "p")
    assert open_ids(desk) == ["p"]


def test_proposals_keep_the_order_in_which_they_were_made(desk: Desk) -> None:
    desk.write("a.txt", "1\n")
    for key in ("b", "a", "c"):
        draft(desk, key)
        hold(desk, key, "1\n", f"{key}\n")
        publish(desk, key)
    desk.workspace.apply(Draft(proposal=desk.workspace.proposal("a")))
    assert open_ids(desk) == ["b", "c"]
    publish(desk, "a")
    assert open_ids(desk) == ["b", "a", "c"]
    desk.workspace.apply(Put(replace(desk.workspace.proposal("b"), files={})))
    assert open_ids(desk) == ["a", "c"]


def test_proposals_of_an_earlier_process_are_there_from_the_start(desk: Desk) -> None:
    wish = ProposedFile(base=None, content="new\n")
    proposal = Proposal(id="p", label="work", files={desk.root / "a.txt": wish})
    workspace = Workspace(DiskSource(desk.root), [proposal])
    assert workspace.open_proposals() == (proposal,)
    assert workspace.snapshot("p").read(desk.root / "a.txt").text == "new\n"


def test_a_proposal_shows_those_below_it_and_no_others(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n2\n3\n4\n5\n")
    hold(desk, "p", "1\n2\n3\n4\n5\n", "one\n2\n3\n4\n5\n")
    hold(desk, "other", "1\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n")
    draft(desk, "q", "p", "settled long ago")
    hold(desk, "q", "one\n2\n3\n4\n5\n", "one\n2\nthree\n4\n5\n")
    workspace = desk.workspace
    assert workspace.snapshot("q").read(path).text == "one\n2\nthree\n4\n5\n"
    assert workspace.beneath("q").read(path).text == "one\n2\n3\n4\n5\n"
    assert workspace.alone("q").read(path).text == "1\n2\nthree\n4\n5\n"
    workspace.apply(Drop("p"))
    assert workspace.snapshot("q").read(path).text == "1\n2\nthree\n4\n5\n"
    for look in (workspace.beneath, workspace.alone):
        with pytest.raises(NotFound):
            look("p")


def test_what_needs_the_proposal_below_says_so_and_fits_once_that_is_real(desk: Desk) -> None:
    path = desk.write("a.txt", "1\n")
    hold(desk, "p", "1\n", "one\n")
    draft(desk, "q", "p")
    hold(desk, "q", "one\n", "uno\n")
    with pytest.raises(StaleEdit, match=r"settle that first: 'change' \(p\)"):
        desk.workspace.proposed_changes("q")
    path.write_text("one\n", encoding="utf-8")
    desk.workspace.apply(Drop("p"))
    assert desk.workspace.proposed_changes("q").files == (modify(path, "one\n", "uno\n"),)


def test_what_is_stale_by_itself_does_not_ask_for_the_one_below(desk: Desk) -> None:
    desk.write("a.txt", "1\n")
    hold(desk, "p", "1\n", "one\n")
    draft(desk, "q", "p")
    hold(desk, "q", "one\n", "uno\n")
    desk.type_in_editor("a.txt", "1!\n")
    with pytest.raises(StaleEdit, match="line 1 of"):
        desk.workspace.proposed_changes("q")
    assert text_of(desk, "a.txt") == "1!\n"
