"""Running a command where an overlay file system shows it the top layer.

The overlay lies at the root's own path, so the command sees all files where they lie, by relative
and absolute names alike. Only Linux has it, and not everywhere: it needs user namespaces, overlays
that an ordinary user may mount (since Linux 5.11), and a place with attributes for what the command
writes. What it writes below the root goes to a private folder, so collecting costs as much as was
written, however large the tree is.

What is not as it would be without the view: what the command left running ends with it, because
it would go on seeing texts of the past; it sees no processes but its own; a folder that was there
before is moved by copying; files of other owners cannot be written, even where they are open to
all. Files outside of the root are the real ones, and so are sockets, unless there are walls around
the command: a view alone is no sandbox.
"""

import asyncio
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.sandbox.alone import alone
from lsp_agent.sandbox.collecting import Collection, Shown
from lsp_agent.sandbox.confining.around import PLAIN, Surroundings, View, Wrapped
from lsp_agent.sandbox.laying import lay_over
from lsp_agent.sandbox.leavings import Leavings, is_opaque
from lsp_agent.sandbox.left_out import LeftOut
from lsp_agent.sandbox.private import private_folder
from lsp_agent.sandbox.reports import ended_by, problem_of
from lsp_agent.sandbox.running import Ended, Job, label_of, run_job
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import CannotShow, ProgramFailed
from mcp_tools.types.jobs import OnOutput
from mcp_tools.workspace.disk.source import DiskSource

_PROBE = "read text <file && test $text = above && rm -r folder && mkdir folder"
_PROBE_TIMEOUT_S = 5.0


async def run_in_overlay(
    command: ShellCommand,
    snapshot: SnapshotView,
    place: Path,
    surroundings: Surroundings = PLAIN,
) -> CommandResult:
    """Run a command over what `snapshot` shows; `place` is for private folders.

    Raises: CannotShow if there can be no overlay for this tree; ProgramFailed.
    """
    if (problem := await asyncio.to_thread(_owner_problem, snapshot.root)) is not None:
        raise CannotShow(problem)
    async with private_folder(place) as folder:
        layers = _Layers(folder)
        began_at = await asyncio.to_thread(_laid, layers, snapshot)
        view = View(root=snapshot.root, shown=snapshot.root, cwd=command.cwd)
        async with surroundings.enclosure.around(command.argv, view) as wrapped:
            ended = await _run(layers, snapshot.root, command, wrapped, surroundings.on_output)
        return await asyncio.to_thread(_collected, layers, snapshot, (command, ended, began_at))


async def overlay_problem(place: Path) -> str | None:
    """Give the reason why no command can run in an overlay here; None if it can.

    It is tried, with a folder of its own.
    """
    if sys.platform != "linux":
        return "only Linux has overlay file systems"
    try:
        async with private_folder(place) as folder:
            return await _probed(_Layers(folder), folder / "root")
    except (CannotShow, ProgramFailed, OSError) as error:
        return str(error)


@dataclass(frozen=True, slots=True)
class _Layers:
    """The private folder of one run, by the roles of what is in it."""

    folder: Path

    @property
    def layer(self) -> Path:
        return self.folder / "layer"

    @property
    def upper(self) -> Path:
        return self.folder / "upper"

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def report(self) -> Path:
        return self.folder / "report"

    def make(self, root: Path) -> None:
        for path in (self.layer, self.upper, self.work):
            path.mkdir(mode=0o700)
        # The top folder of an overlay has the mode of the upper one.
        os.chmod(self.upper, stat.S_IMODE(os.stat(root).st_mode))


def _owner_problem(root: Path) -> str | None:
    """A user namespace of an ordinary user knows one user and one group."""
    found = os.stat(root)
    if os.geteuid() != 0 and (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
        return "the workspace belongs to another user or group"
    return None


def _laid(layers: _Layers, snapshot: SnapshotView) -> int:
    """Make the layers, and give the moment from which on a change on disk is not of before."""
    try:
        layers.make(snapshot.root)
        lay_over(layers.layer, snapshot.root, snapshot.overlay())
        layers.report.touch()
        return os.lstat(layers.report).st_ctime_ns
    except OSError as error:
        raise CannotShow(f"the top layer cannot be laid out: {error}") from error


async def _run(
    layers: _Layers,
    root: Path,
    command: ShellCommand,
    wrapped: Wrapped,
    on_output: OnOutput | None = None,
) -> Ended:
    places = (layers.report, root, layers.layer, layers.upper, layers.work, command.cwd)
    name = label_of(command.argv)
    program = alone("enter", str(os.getpid()), *map(str, places))
    job = Job(
        argv=(*program, *wrapped.argv),
        name=name,
        cwd=layers.folder,
        timeout_s=command.timeout_s,
        ends_all_on_request=True,
        on_output=on_output,
        fds=wrapped.fds,
    )
    ended = await run_job(job)
    report = await asyncio.to_thread(layers.report.read_bytes)
    if (problem := problem_of(report)) is not None:
        raise CannotShow(_explained(problem, root))
    return wrapped.ended(ended_by(report, name, ended), name)


def _explained(text: str, root: Path) -> str:
    inner = [mount for mount in _mounts() if root in mount.parents]
    if inner:
        name = inner[0].relative_to(root).as_posix()
        return f"another file system is mounted in the workspace, at {name!r}"
    return text


def _mounts() -> list[Path]:
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return []
    names = [line.split(b" ")[4] for line in lines]
    # Blanks and backslashes are written as octal numbers.
    return [Path(os.fsdecode(name.decode("unicode_escape").encode("latin-1"))) for name in names]


def _collected(
    layers: _Layers, snapshot: SnapshotView, run: tuple[ShellCommand, Ended, int]
) -> CommandResult:
    command, ended, began_at = run
    left_out = LeftOut(snapshot.root)
    source = DiskSource(snapshot.root)

    def has_moved_on(path: Path) -> bool:
        try:
            return os.lstat(path).st_ctime_ns > began_at
        except OSError:
            return False

    def shown_mode(path: Path) -> int | None:
        try:
            laid = layers.layer / path.relative_to(snapshot.root)
            return stat.S_IMODE(os.lstat(laid).st_mode)
        except OSError:
            return None

    shown = Shown(
        disk=source.state,
        listing=source.entries,
        has_moved_on=has_moved_on,
        was_hidden=lambda _: False,
        mode=shown_mode,
    )
    collection = Collection(snapshot, shown, left_out)
    leavings = Leavings(layers.upper, snapshot.root, collection, left_out)
    if command.kept_paths is None:
        leavings.add_upper()
    else:
        leavings.add_files(command.kept_paths)
    changes = collection.changes(label_of(command.argv))
    return CommandResult(
        exit_code=ended.exit_code,
        output=ended.output,
        changes=changes,
        notes=left_out.notes(),
    )


async def _probed(layers: _Layers, root: Path) -> str | None:
    await asyncio.to_thread(_prepare_probe, layers, root)
    shell = ("/bin/sh", "-c", _PROBE)
    command = ShellCommand(argv=shell, cwd=root, timeout_s=_PROBE_TIMEOUT_S)
    ended = await _run(layers, root, command, Wrapped(shell))
    if ended.exit_code != 0:
        return f"an overlay was mounted, but did not work: {ended.output.strip()}"
    if not is_opaque(layers.upper / "folder"):
        return f"the file system of {str(layers.folder.parent)!r} keeps no attributes of users"
    return None


def _prepare_probe(layers: _Layers, root: Path) -> None:
    (root / "folder").mkdir(parents=True)
    (root / "file").write_text("below\n", encoding="utf-8")
    layers.make(root)
    (layers.layer / "file").write_text("above\n", encoding="utf-8")
