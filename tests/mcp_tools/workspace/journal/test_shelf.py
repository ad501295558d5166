"""Proposals that wait for review survive a restart, with all that is in them."""

from dataclasses import replace

import pytest

from mcp_tools.types.contents import Binary, Folder, Link
from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.proposals import Proposal, ProposedFile
from tests.mcp_tools.workspace.journal.recording import Place, made, noise


def proposal(place: Place, proposal_id: str = "p", content: str = "new") -> Proposal:
    """Give a proposal for one file."""
    files = {place.root / "a.txt": ProposedFile(base="old", content=content)}
    return Proposal(id=proposal_id, label="a proposal", files=files)


def test_a_proposal_comes_back_as_it_was(place: Place) -> None:
    kept = Proposal(
        id="turn \ud83d",
        label="half a \udc4d",
        files={
            place.root / "b\udce9": ProposedFile(
                base=None, content="text", mode=0o755, has_bom=True
            ),
            place.root / "a": ProposedFile(base="\ud83d", content=None),
            place.root / "c/d": ProposedFile(base=Binary(b"\xff"), content=Link("\udce9")),
            place.root / "e": ProposedFile(base=Folder(), content=""),
            place.root / "f": ProposedFile(base="same", content="same", mode=0o600),
        },
        is_draft=True,
        below=("one", "two"),
        session_id="s",
        made_by="edit_file",
    )
    Shelf(place.journal()).save(kept)
    (found,) = Shelf(place.journal()).all()
    assert found == kept
    assert list(found.files) == list(kept.files)


def test_proposals_are_listed_as_they_were_first_saved(place: Place) -> None:
    shelf = Shelf(place.journal())
    for proposal_id in ("c", "a", "b"):
        shelf.save(proposal(place, proposal_id))
    shelf.save(proposal(place, "a", "newer"))
    assert [held.id for held in shelf.all()] == ["c", "a", "b"]
    assert shelf.all()[1] == proposal(place, "a", "newer")


def test_a_proposal_is_settled_by_one_process(place: Place) -> None:
    shelf, other = Shelf(place.journal()), Shelf(place.journal())
    shelf.save(proposal(place))
    assert (shelf.has("p"), other.has("p"), other.has("q")) == (True, True, False)
    assert other.remove("p")
    assert not shelf.remove("p")
    assert not shelf.has("p")
    assert shelf.all() == ()


def test_the_contents_of_a_proposal_stay_for_as_long_as_it_waits(place: Place) -> None:
    journal = place.journal(limits=Limits(max_store_bytes=1))
    shelf = Shelf(journal)
    held = Proposal(
        id="p",
        label="",
        files={place.root / "a": ProposedFile(base=noise(0), content=noise(1))},
    )
    entry = made(journal, place.change(noise(0)))
    shelf.save(held)
    for seed in range(4):
        made(journal, place.change(noise(seed)))
    assert shelf.all() == (held,)
    shelf.save(replace(held, files={place.root / "a": ProposedFile(base=noise(0), content="x")}))
    shelf.remove("p")
    stored = entry.files[0].after
    assert stored is not None
    assert not journal.is_kept(stored)
    for _ in range(3):
        made(journal, place.change(""))
    assert place.objects() == []


def test_saving_a_proposal_again_drops_what_it_does_not_need_any_more(place: Place) -> None:
    journal = place.journal()
    shelf = Shelf(journal)
    shelf.save(proposal(place, content="one"))
    shelf.save(proposal(place, content="two"))
    shelf.save(proposal(place, content="two"))
    assert place.sql("SELECT count(*) FROM contents") == [(2,)]
    assert len(place.objects()) == 2
    assert shelf.all() == (proposal(place, content="two"),)


def test_a_proposal_that_is_too_large_leaves_the_one_before(place: Place) -> None:
    shelf = Shelf(place.journal(limits=Limits(max_content_bytes=3)))
    shelf.save(proposal(place))
    with pytest.raises(JournalFailed, match=r"'a\.txt' has 4 bytes"):
        shelf.save(proposal(place, content="four"))
    assert shelf.all() == (proposal(place),)


DAMAGE = [
    "UPDATE proposals SET details = '{}' WHERE number = 1",
    "UPDATE proposals SET details = x'7b' WHERE number = 1",
    "UPDATE proposals SET details = x'7b7d' WHERE number = 1",
    *(
        f"UPDATE proposals SET details = CAST(replace(details, {old}, {new}) AS BLOB) "
        "WHERE number = 1"
        for old, new in (
            ("'\"text\"'", "'\"device\"'"),
            ("'\"text\"'", "'7'"),
            ("'\"mode\":null'", '\'"mode":"x"\''),
            ("'\"below\":[]'", "'\"below\":[1]'"),
            ("'\"below\":[]'", "'\"below\":{}'"),
        )
    ),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_proposal_is_left_out_and_logged(
    place: Place, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(place.journal())
    shelf.save(proposal(place, "bad"))
    place.sql(damage)
    shelf.save(replace(proposal(place, "good"), files={}))
    assert [held.id for held in shelf.all()] == ["good"]
    assert "a kept proposal cannot be read" in caplog.text
    assert shelf.remove("bad")


@pytest.mark.parametrize("statement", ["SELECT 1", "DELETE FROM contents"])
def test_a_proposal_whose_content_is_lost_is_left_out(place: Place, statement: str) -> None:
    shelf = Shelf(place.journal())
    shelf.save(proposal(place))
    place.sql(statement)
    place.objects()[0].unlink()
    assert shelf.all() == ()
    assert shelf.has("p")
