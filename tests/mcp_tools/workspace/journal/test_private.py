"""The folder of a journal belongs to its user alone, and nothing leads out of it."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.private import make_private_file, make_private_folder
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.proposals import Proposal
from tests.mcp_tools.workspace.journal.recording import Place, after, made
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges


@contextmanager
def umask(mask: int) -> Generator[None]:
    """Let new files have the rights that a mask leaves them, for a while."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Give the rights of a folder and of all in it, by kind and rights."""
    found = [folder, *folder.rglob("*")]
    return {f"{path}": path.stat().st_mode & 0o7777 for path in found}


def use(place: Place) -> None:
    """Let a journal make all the files that it ever makes."""
    journal = place.journal()
    entry = made(journal, place.change("old", "new"))
    Shelf(journal).save(Proposal(id="p", label=""))
    with journal.writing():
        assert after(journal, entry) == "new"
        check_all_private(place)
    journal.close()


def check_all_private(place: Place) -> None:
    """See that nobody else may read anything."""
    for path in (place.folder, *place.folder.rglob("*")):
        assert path.stat().st_mode & 0o7777 == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_nobody_else_may_read_a_journal(place: Place, mask: int) -> None:
    with umask(mask):
        use(place)
    check_all_private(place)
    assert place.folder.parent.stat().st_mode & 0o7777 == 0o700


def test_a_journal_that_others_could_read_is_closed_to_them(place: Place) -> None:
    use(place)
    for path in (place.folder, *place.folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (place.folder / "journal.db-journal").touch(0o666)
    journal = place.journal()
    (entry,) = journal.entries()
    stored = entry.files[0].before
    assert stored is not None
    journal.load(stored)
    use(place)
    check_all_private(place)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "journal.db",
        "journal.db-journal",
        "objects",
        "incoming",
        "owners",
        "opening.lock",
        "writing.lock",
    ],
)
def test_a_link_in_the_place_of_a_journal_is_not_followed(place: Place, name: str) -> None:
    use(place)
    path = place.folder / name
    elsewhere = place.root.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    before = modes(elsewhere)
    with pytest.raises(JournalFailed, match="found a link, which is not followed; move it away"):
        use(place)
    assert modes(elsewhere) == before


def test_a_link_in_the_place_of_a_folder_of_contents_is_not_followed(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("new"))
    journal.close()
    (path,) = place.objects()
    elsewhere = path.parent.rename(place.root.parent / "elsewhere")
    path.parent.symlink_to(elsewhere)
    with pytest.raises(JournalFailed, match="found a link"):
        after(place.journal(), entry)
    with pytest.raises(JournalFailed, match="found a link"):
        place.journal().begin(place.change("new"))


SQL_OF_REMOVALS = [
    # Its content was dropped; or files that nobody knows are looked for in its folder.
    "DELETE FROM entries WHERE ? >= 0",
    "UPDATE numbers SET value = ? + 1 WHERE name = 'n_unswept'",
]


@pytest.mark.parametrize("statement", SQL_OF_REMOVALS)
def test_nothing_is_removed_through_a_link(place: Place, statement: str) -> None:
    journal = place.journal()
    made(journal, place.change("old"))
    (path,) = place.objects()
    elsewhere = path.parent.rename(place.root.parent / "elsewhere")
    path.parent.symlink_to(elsewhere)
    shard = int(path.parent.name, 16)
    journal.store.write(lambda db: db.execute(statement, (shard,)))
    with pytest.raises(JournalFailed, match="found a link"):
        journal.begin(place.change("new"))
    assert (elsewhere / path.name).exists()


@pytest.mark.parametrize(
    ("make", "expected"), [(make_private_folder, "folder"), (make_private_file, "file")]
)
def test_what_is_of_another_kind_is_left_alone(
    tmp_path: Path, make: Callable[[Path], None], expected: str
) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path, 0o644)
    with pytest.raises(JournalFailed, match=f"expected a {expected} at '.*', found something else"):
        make(path)
    assert path.stat().st_mode & 0o7777 == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can have files of two users")
def test_what_belongs_to_another_user_is_left_alone() -> None:
    with open_folder() as folder:
        for make in (make_private_folder, make_private_file):
            path = folder / make.__name__
            make(path)
            path.chmod(0o777)
            with without_privileges(), pytest.raises(JournalFailed, match="to be your own"):
                make(path)
            assert path.stat().st_mode & 0o7777 == 0o777


def test_a_folder_that_may_not_be_written_is_told(place: Place) -> None:
    with open_folder() as folder:
        place = Place(folder=folder / "closed" / "journal", root=folder, stack=place.stack)
        (folder / "closed").mkdir(0o555)
        with without_privileges(), pytest.raises(JournalFailed, match="Permission denied; see to"):
            place.journal().entries()


def test_a_file_in_the_place_of_a_parent_folder_is_told(place: Place) -> None:
    place.folder.parent.parent.mkdir(exist_ok=True)
    place.folder.parent.write_bytes(b"")
    with pytest.raises(JournalFailed, match="a file is where a folder is needed"):
        place.journal().entries()
