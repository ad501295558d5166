"""Names that differ in case only, on a disk that takes one for the other."""

from pathlib import Path

import pytest

from mcp_tools.types.contents import State
from mcp_tools.workspace.disk.exact_names import exact_reader
from mcp_tools.workspace.disk.source import DiskSource
from tests.mcp_tools.workspace.changing import create, delete, put, rename, write_now
from tests.mcp_tools.workspace.trees import tree
from tests.support.desk import Desk


class Folding(DiskSource):
    """The real disk, read as one that finds a file by its name in any case.

    Written is by exact names, as such a disk does for what it does not have in another case.
    """

    def state(self, path: Path) -> State | None:
        """Find a file by any case of its name."""
        real = self.root
        for part in path.relative_to(self.root).parts:
            named = (p for p in real.iterdir() if p.name.casefold() == part.casefold())
            real = next(named, real / part)
        return super().state(real)


@pytest.fixture
def source(desk: Desk) -> Folding:
    return Folding(desk.root)


def test_a_name_alone_is_found_in_any_case(desk: Desk, source: Folding) -> None:
    desk.write("Sub/README.md", "a")
    path = desk.root / "sub" / "readme.md"
    state = exact_reader(source, [path])(path)
    assert state is not None
    assert state.content == "a"


@pytest.mark.parametrize("name", ["sub/readme.md", "Sub/readme.md", "sub/README.md"])
def test_of_twins_only_the_real_one_is_there(desk: Desk, source: Folding, name: str) -> None:
    real, other = desk.write("Sub/README.md", "a"), desk.root / name
    read = exact_reader(source, [real, other])
    assert read(other) is None
    assert read(real) is not None


def test_a_folder_that_cannot_be_listed_has_no_twins(desk: Desk, source: Folding) -> None:
    class Closed(Folding):
        def entries(self, directory: Path) -> tuple[()]:
            return ()

    path = desk.write("a", "a")
    assert exact_reader(Closed(source.root), [path, desk.root / "A"])(path) is None


def test_a_name_changes_its_case(desk: Desk, source: Folding) -> None:
    path = desk.write("readme.md", "a")
    inode = path.stat().st_ino
    write_now(source, rename(path, desk.root / "README.md", "a"))
    assert tree(desk.root) == {"README.md": b"a"}
    assert (desk.root / "README.md").stat().st_ino == inode


def test_a_name_changes_its_case_by_going_and_coming(desk: Desk, source: Folding) -> None:
    path = desk.write("readme.md", "a")
    write_now(source, delete(path, "a"), create(desk.root / "README.md", "b"))
    assert tree(desk.root) == {"README.md": b"b"}


def test_names_that_differ_in_case_are_two_where_the_disk_says_so(desk: Desk) -> None:
    a, b = desk.root / "a", desk.root / "A"
    desk.write("a", "")
    if b.exists():
        pytest.skip("this disk takes both for one")
    a.unlink()
    write_now(desk.root, create(a, "1"), put(b, None, State(content="2")))
    assert tree(desk.root) == {"A": b"2", "a": b"1"}
