"""People, programs and agents at work on a few small files, and what each of them wrote.

Every line that anybody writes is one that nobody wrote before, so that for each line it is known
who wrote it, and whether its absence is somebody's wish. This is the plain reference that the
real engine is compared with: it knows nothing of diffs, merges or journals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mcp_tools.ports import Sink
from mcp_tools.types.edits import ChangeSet, FileChange, ModifyFile
from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.workspace import CloseBuffer, SetBuffer, Workspace

NAMES = ("a", "b", "sub/c")


class PaperEditor:
    """An editor's side of an edit, as a Sink: open files change in their buffers.

    It refuses an edit once when its person has typed meanwhile, as real editors do.
    """

    def __init__(self, workspace: Workspace, disk: Sink, world: "World") -> None:
        """Show the buffers of `world`; what is not open goes to `disk`."""
        self._workspace = workspace
        self._disk = disk
        self._world = world

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Change the buffers of open files, and the disk for the rest."""
        if self._world.types_next is not None:
            path, text = self._world.types_next
            self._world.types_next = None
            self._world.note(path, self._world.buffers[path], text)
            self._world.type_in(self._workspace, path, text)
            raise StaleEdit("somebody typed just now")
        after = states_after(changes, self._workspace.snapshot().below_state)
        files = tuple(change for change in changes.files if not self._is_buffers(change))
        for change in files:
            # Saved, or the applier would have refused; an editor closes what it deletes.
            if self._world.buffers.pop(change.path, None) is not None:
                self._workspace.apply(CloseBuffer(change.path))
        if files:
            await self._disk.apply(ChangeSet(label=changes.label, files=files), entry_id)
        for change in changes.files:
            if self._is_buffers(change):
                state = after[change.path]
                assert state is not None
                assert isinstance(state.content, str)
                self._world.type_in(self._workspace, change.path, state.content)

    def _is_buffers(self, change: FileChange) -> bool:
        return isinstance(change, ModifyFile) and change.path in self._world.buffers


@dataclass
class World:
    """What the people and programs know: their texts, and which lines they took away."""

    root: Path
    buffers: dict[Path, str] = field(default_factory=dict[Path, str])
    """What the editor shows, by path."""
    gone: set[str] = field(default_factory=set[str])
    """Lines that a person or a program took away, by whatever wish."""
    typed: dict[str, Path] = field(default_factory=dict[str, Path])
    """Every line that a person or a program wrote, and where."""
    types_next: tuple[Path, str] | None = None
    """What the person types while the next edit is on its way."""
    n_lines: int = 0
    n_versions: int = 0

    def path(self, name: str) -> Path:
        """Give the path of a file."""
        return self.root / name

    def line(self, author: str) -> str:
        """Give a line that nobody wrote before."""
        self.n_lines += 1
        return f"{author} {self.n_lines}\n"

    def edited(self, text: str, place: int, kind: str, author: str) -> str:
        """Give the text with one line put in, replaced or taken away."""
        lines = text.splitlines(keepends=True)
        at = min(place, len(lines))
        if kind == "insert" or at == len(lines):
            lines.insert(at, self.line(author))
        elif kind == "replace":
            lines[at] = self.line(author)
        else:
            del lines[at]
        return "".join(lines)

    def note(self, path: Path, before: str, after: str) -> None:
        """Take down what a person or program did to a text."""
        old, new = set(before.splitlines()), set(after.splitlines())
        for line in new - old:
            self.typed[line] = path
        self.gone |= old - new
        self.gone -= new

    def type_in(self, workspace: Workspace, path: Path, text: str) -> None:
        """Let the editor show a text."""
        self.n_versions += 1
        self.buffers[path] = text
        workspace.apply(SetBuffer(path=path, text=text, version=self.n_versions))

    def show_all(self, workspace: Workspace) -> None:
        """Open everything anew, as an editor does for a server that was started again."""
        for path, text in tuple(self.buffers.items()):
            self.type_in(workspace, path, text)

    def write(self, path: Path, text: str) -> None:
        """Put a text on disk."""
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def saved(self, path: Path) -> str | None:
        """Give what is on disk."""
        return path.read_bytes().decode() if path.exists() else None

    def shown(self, path: Path) -> str | None:
        """Give what a person sees: the buffer, or else the disk."""
        return self.buffers.get(path, self.saved(path))

    def all_shown(self) -> Mapping[Path, str]:
        """Give all that people see, by path."""
        found = {self.path(name): self.shown(self.path(name)) for name in NAMES}
        return {path: text for path, text in found.items() if text is not None}
