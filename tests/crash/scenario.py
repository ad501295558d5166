"""Small projects, a change of each, and the process that makes it."""

import asyncio
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from mcp_tools.types.contents import Binary, Folder, Link, State, digest_of_content
from mcp_tools.types.edits import ChangeSet, RenameFile
from mcp_tools.types.journal import Actor, Entry, NewEntry, Origin, Transition
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk import placing
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.workspace import Workspace

Picture: TypeAlias = Mapping[str, tuple[int, bytes]]
"""All that is below a folder: by name the mode with the kind, and the bytes or the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A project before and after a change, by names from its root; folders are named too."""

    name: str
    before: Mapping[str, State]
    after: Mapping[str, State]
    old_names: Mapping[str, str] = field(default_factory=dict[str, str])
    """By new name of what is renamed."""
    by_links: bool = False
    """The system calls that swap files, and move them without replacing, are not used."""
    is_first: bool = False
    """There is no journal yet; else there is one, with an earlier change in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one run happens."""

    folder: Path

    @property
    def root(self) -> Path:
        """The folder of the project."""
        return self.folder / "project"

    @property
    def journal_folder(self) -> Path:
        """The folder of the project's journal."""
        return self.folder / "journal"

    def journal(self) -> Journal:
        """Give the journal of the project, as a new process would."""
        return Journal(self.journal_folder, self.root)


class _TellingJournal(Journal):
    """The journal, which tells when a change is recorded."""

    def __init__(self, place: Place, on_begun: Callable[[], None]) -> None:
        super().__init__(place.journal_folder, place.root)
        self._on_begun = on_begun

    def begin(self, new: NewEntry) -> Entry:
        entry = super().begin(new)
        self._on_begun()
        return entry


def _file(mode: int, content: str | bytes, *, has_bom: bool = False) -> State:
    kept = Binary(content) if isinstance(content, bytes) else content
    return State(content=kept, mode=mode, has_bom=has_bom)


def _folder(mode: int = 0o755) -> State:
    return State(content=Folder(), mode=mode)


_UNTOUCHED = {"other.txt": _file(0o644, "untouched\n"), "sub": _folder()}

FIVE_FILES = Scenario(
    name="five files",
    before={
        **_UNTOUCHED,
        "data.bin": _file(0o604, b"\x00\x01" * 3000),
        "empty": _folder(0o750),
        "gone.txt": _file(0o600, "only here\n"),
        "sub/old.sh": _file(0o755, "#!/bin/sh\necho moved\n"),
        "text.txt": _file(0o640, "one\r\ntwo\r\nthree\r\n", has_bom=True),
    },
    after={
        **_UNTOUCHED,
        "data.bin": State(content=Link("other.txt")),
        "new": _folder(),
        "new/deep": _folder(),
        "new/deep/made.txt": _file(0o600, "made\n"),
        "sub/new.sh": _file(0o755, "#!/bin/sh\necho moved\n"),
        "text.txt": _file(0o751, "one\r\nzwei\r\nthree\r\nfour\r\n", has_bom=True),
    },
    old_names={"sub/new.sh": "sub/old.sh"},
)

OTHER_KINDS = Scenario(
    name="other kinds",
    before={
        **_UNTOUCHED,
        "file-to-folder": _file(0o640, "a file\n"),
        "folder-to-file": _folder(0o711),
        "folder-to-file/inner.txt": _file(0o644, "inner\n"),
        "left": _folder(0o700),
        "left/moved.txt": _file(0o600, "moved\n"),
        "link": State(content=Link("other.txt")),
        "mode.sh": _file(0o644, "#!/bin/sh\n"),
    },
    after={
        **_UNTOUCHED,
        "file-to-folder": _folder(0o770),
        "file-to-folder/inner.bin": _file(0o644, b"\x00inner"),
        "folder-to-file": _file(0o600, "a file now\n"),
        "link": State(content=Link("sub")),
        "mode.sh": _file(0o755, "#!/bin/sh\n"),
        "moved.txt": _file(0o600, "moved\n"),
    },
    old_names={"moved.txt": "left/moved.txt"},
)


def lay_out(scenario: Scenario, place: Place) -> None:
    """Make the project as it is before the change."""
    place.root.mkdir(parents=True)
    for name, (mode, data) in picture_before(scenario).items():
        path = place.root / name
        if stat.S_ISLNK(mode):
            path.symlink_to(os.fsdecode(data))
            continue
        if stat.S_ISDIR(mode):
            path.mkdir()
        else:
            path.write_bytes(data)
        path.chmod(stat.S_IMODE(mode))


def record_earlier_change(place: Place) -> None:
    """Leave a journal as an earlier process would, with one change that is done."""
    journal = place.journal()
    path = place.root / "other.txt"
    earlier = Transition(path=path, before=None, after=_UNTOUCHED["other.txt"])
    origin = Origin(actor=Actor.TOOL, name="crash")
    entry = journal.begin(NewEntry(label="earlier", origin=origin, transitions=(earlier,)))
    journal.finish(entry.id)
    journal.close()


def change_of(scenario: Scenario, root: Path) -> ChangeSet:
    """Give the change as it is computed: renames, and the difference of all else."""
    renamed = {name for pair in scenario.old_names.items() for name in pair}
    names = sorted({*scenario.before, *scenario.after} - renamed)
    changes = change_between(
        scenario.name,
        {root / name: scenario.before.get(name) for name in names},
        {root / name: scenario.after.get(name) for name in names},
    )
    renames = tuple(
        RenameFile(
            path=root / old,
            new_path=root / new,
            base=digest_of_content(scenario.before[old].content),
        )
        for new, old in scenario.old_names.items()
    )
    return ChangeSet(label=changes.label, files=(*renames, *changes.files))


def picture_before(scenario: Scenario) -> dict[str, tuple[int, bytes]]:
    """Give the picture of the project before the change, as it must be found."""
    return {name: _painted(state) for name, state in sorted(scenario.before.items())}


def picture_after(scenario: Scenario) -> dict[str, tuple[int, bytes]]:
    """Give the picture of the project after the change, as it must be found."""
    return {name: _painted(state) for name, state in sorted(scenario.after.items())}


def picture_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Look at all that is below a folder."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        data = b""
        if stat.S_ISLNK(mode):
            data = os.fsencode(path.readlink())
        elif stat.S_ISREG(mode):
            data = path.read_bytes()
        found[path.relative_to(folder).as_posix()] = (mode, data)
    return found


def apply_change(
    scenario: Scenario, place: Place, on_begun: Callable[[], None] = lambda: None
) -> None:
    """Make the change as the product does: recorded, written, confirmed.

    `on_begun` is called when it is recorded, and nothing is written yet.
    """
    use_way(scenario)
    journal = _TellingJournal(place, on_begun)
    source = DiskSource(place.root)
    sink = DiskSink(source, lock=journal.writing)
    applier = Applier(Workspace(source), sink, journal)
    origin = Origin(actor=Actor.TOOL, name="crash")
    asyncio.run(applier.apply(change_of(scenario, source.root), origin))


def use_way(scenario: Scenario) -> None:
    """Let this process write in the way of the scenario."""
    placing.HAS_RENAME_FLAGS = not scenario.by_links


def _painted(state: State) -> tuple[int, bytes]:
    match state.content:
        case Link(target=target):
            return stat.S_IFLNK | 0o777, os.fsencode(target)
        case Folder():
            return stat.S_IFDIR | (state.mode or 0), b""
        case Binary(data=data):
            return stat.S_IFREG | (state.mode or 0), data
        case str() as text:
            mark = "\ufeff" if state.has_bom else ""
            return stat.S_IFREG | (state.mode or 0), (mark + text).encode("utf-8")
