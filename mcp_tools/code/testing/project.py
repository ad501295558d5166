"""A folder of a project, as its files tell what it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.documents import Entry, SnapshotView
from mcp_tools.types.errors import ExpectedError

PROJECT_FILES = (
    *("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini"),
    *("Cargo.toml", "go.mod", "package.json"),
)
"""A folder with one of these is a project of its own."""

TEST_FOLDERS = ("tests", "test")

_ENVIRONMENTS = (".venv", "venv", "env")
_MAX_TEST_FILES = 50


@dataclass(frozen=True, slots=True)
class ProjectFolder:
    """A folder, read as the session sees it; its methods read files, and so block."""

    snapshot: SnapshotView
    folder: Path

    def text(self, name: str) -> str:
        """Give the text of a file; empty if there is none."""
        try:
            return self.snapshot.read(self.folder / name).text
        except ExpectedError:
            return ""

    def has(self, name: str) -> bool:
        """Tell whether there is a file or folder of this name."""
        path = self.folder / name
        return path.name in self._names(path.parent)

    def is_project(self) -> bool:
        """Tell whether this is a project of its own."""
        return not self._names(self.folder).isdisjoint(PROJECT_FILES)

    def folders(self) -> tuple[str, ...]:
        """Give the names of the folders in it that are part of the project."""
        return tuple(
            entry.path.name
            for entry in self._entries(self.folder)
            if entry.is_dir and not self.snapshot.is_ignored(entry.path / "_")
        )

    def test_files(self) -> tuple[str, ...]:
        """Give the Python files with tests, here and in the folders for tests; the first 50."""
        found: list[str] = []
        for name in self._searched():
            for entry in self._entries(self.folder / name):
                stem = entry.path.stem
                is_test = stem.startswith("test") or stem.endswith("_test")
                if entry.path.suffix == ".py" and is_test and not entry.is_dir:
                    found.append(entry.path.relative_to(self.folder).as_posix())
        return tuple(found[:_MAX_TEST_FILES])

    def python(self) -> str:
        """Give the interpreter: that of the project's own environment, or else `python3`."""
        root = self.snapshot.root
        for folder in (self.folder, *self.folder.parents):
            if folder != root and root not in folder.parents:
                break
            for name in _ENVIRONMENTS:
                programs = folder / name / "bin"
                if "python" in self._names(programs):
                    return str(programs / "python")
        return "python3"

    def _searched(self) -> Iterator[str]:
        yield "."
        for name in TEST_FOLDERS:
            yield name
            for inner in ProjectFolder(self.snapshot, self.folder / name).folders():
                yield f"{name}/{inner}"

    def _names(self, folder: Path) -> set[str]:
        return {entry.path.name for entry in self._entries(folder)}

    def _entries(self, folder: Path) -> tuple[Entry, ...]:
        try:
            return self.snapshot.entries(folder)
        except ExpectedError:
            return ()
