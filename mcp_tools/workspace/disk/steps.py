"""The jobs of a plan carried out: prepared unseen, made, looked at again, or taken back.

A step that is taken back looks first what is there: only what it put there itself goes. What
another program wrote meanwhile stays.
"""

from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.contents import Folder, Link, State
from mcp_tools.types.errors import Conflict, StaleEdit
from mcp_tools.workspace.changes import ReadState
from mcp_tools.workspace.disk import placing
from mcp_tools.workspace.disk.beneath import status_beneath
from mcp_tools.workspace.disk.plan import Job, Kind, data_of, fits, holds


@dataclass(frozen=True, slots=True)
class Site:
    """Where steps happen: below which root, and how to look what is there."""

    root: Path
    read: ReadState

    def identity(self, path: Path) -> tuple[int, int] | None:
        """Give what tells a file from another one of the same content; None for no file."""
        status = status_beneath(self.root, path)
        return None if status is None else (status.st_dev, status.st_ino)


class Step(ABC):
    """One job. All steps are prepared; then each is checked and acts; then all are verified.

    Every method raises OSError or an ExpectedError if it cannot.
    """

    def __init__(self, site: Site, job: Job) -> None:
        """Take the job; nothing is done yet."""
        self._site = site
        self.job = job
        self._has_acted = False

    @abstractmethod
    def prepare(self) -> None:
        """Do all that can fail for want of room or rights, and that nobody sees."""

    def check(self) -> None:
        """See that the path still is what the change was computed from.

        Raises: StaleEdit.
        """
        if not fits(self._site.read(self.job.path), self.job.before):
            raise _stale(self.job.path)

    def act(self) -> None:
        """Let the step take effect.

        Raises: StaleEdit if another program took the name just now.
        """
        try:
            self._act()
        except FileExistsError as error:
            raise StaleEdit(
                f"{self.job.path.name!r} was created just now by another program; "
                "nothing was written"
            ) from error
        self._has_acted = True

    def verify(self) -> None:
        """See that what is there now is what was wanted, and what went is what was expected.

        Raises: Conflict, StaleEdit.
        """
        if self.job.is_last and not fits(self._site.read(self.job.path), self.job.after):
            raise Conflict(
                f"{self.job.path.name!r} was written, but holds something else now; another "
                "program must have changed it at the same moment; all else is as before"
            )

    def take_back(self) -> None:
        """Bring back what was there before, unless another program wrote there since."""
        if self._has_acted and holds(self._site.read(self.job.path), self.job.after):
            self._take_back()

    @property
    @abstractmethod
    def beside(self) -> Path | None:
        """Where the file is kept that the step displaced; None if it displaces none."""

    @abstractmethod
    def clear(self) -> bool:
        """Leave nothing beside the path; False for a file that holds what is nowhere else."""

    @abstractmethod
    def _act(self) -> None: ...

    @abstractmethod
    def _take_back(self) -> None: ...


class _FileStep(Step):
    """A step with a temporary file beside the path."""

    def __init__(self, site: Site, job: Job) -> None:
        super().__init__(site, job)
        self._identity: tuple[int, int] | None = None

    def prepare(self) -> None:
        job = self.job
        if job.before is not None:
            self._identity = self._site.identity(job.path)
        if job.is_ready or job.after is None:
            return
        if isinstance(job.after.content, Link):
            placing.make_link(self._site.root, job.temporary, job.after.content.target)
        else:
            data = data_of(job.after, job.path)
            mode, like = job.after.mode, job.origin
            placing.make_file(self._site.root, job.temporary, data, mode=mode, like=like)

    def check(self) -> None:
        super().check()
        # The same content in another file: who knows whose rights that one has.
        if self.job.before and self._identity != self._site.identity(self.job.path):
            raise _stale(self.job.path)

    def verify(self) -> None:
        super().verify()
        if self.job.before is not None and not fits(self._displaced(), self.job.before):
            raise _stale(self.job.path)

    @property
    def beside(self) -> Path | None:
        return self.job.temporary

    def clear(self) -> bool:
        if not self._has_acted:
            if not self.job.is_ready:
                self._remove_temporary()
            return True
        displaced = self._displaced()
        if displaced is None:
            return True
        if not holds(displaced, self.job.before) and not holds(displaced, self.job.after):
            return False
        self._remove_temporary()
        return True

    def _displaced(self) -> State | None:
        return self._site.read(self.job.temporary)

    def _remove_temporary(self) -> None:
        with suppress(FileNotFoundError):
            placing.remove_file(self._site.root, self.job.temporary)


class _Replace(_FileStep):
    def _act(self) -> None:
        placing.swap(self._site.root, self.job.temporary, self.job.path)

    def _take_back(self) -> None:
        self._act()
        # Somebody wrote between our look and our hand: the newest text wins.
        if not holds(self._displaced(), self.job.after):
            self._act()


class _Make(_FileStep):
    def _act(self) -> None:
        placing.move(self._site.root, self.job.temporary, self.job.path)

    def _take_back(self) -> None:
        placing.move(self._site.root, self.job.path, self.job.temporary)
        if not holds(self._displaced(), self.job.after):
            self._act()


class _Remove(_FileStep):
    def _act(self) -> None:
        placing.move(self._site.root, self.job.path, self.job.temporary)

    def _take_back(self) -> None:
        placing.move(self._site.root, self.job.temporary, self.job.path)


class _TakeOut(_Remove):
    """What it takes out is put elsewhere by the time that all is verified."""

    def verify(self) -> None:
        Step.verify(self)


class _NameStep(Step):
    """A step that needs no temporary file."""

    def prepare(self) -> None:
        pass

    @property
    def beside(self) -> Path | None:
        return None

    def clear(self) -> bool:
        return True


class _Rename(_NameStep):
    def __init__(self, site: Site, job: Job) -> None:
        super().__init__(site, job)
        assert job.origin is not None
        self._old_path = job.origin

    def check(self) -> None:
        if not fits(self._site.read(self._old_path), self.job.before):
            raise _stale(self._old_path)
        if self._site.read(self.job.path) is not None:
            raise _stale(self.job.path)

    def verify(self) -> None:
        super().verify()
        if self._site.read(self._old_path) is not None:
            raise Conflict(
                f"{self._old_path.name!r} was renamed, but there is such a file again; another "
                "program must have made it at the same moment; all else is as before"
            )

    def _act(self) -> None:
        placing.move(self._site.root, self._old_path, self.job.path)

    def _take_back(self) -> None:
        placing.move(self._site.root, self.job.path, self._old_path)


class _SetMode(_NameStep):
    def _act(self) -> None:
        self._set(self.job.after)

    def _take_back(self) -> None:
        found = self._site.read(self.job.path)
        if found is not None and fits(found, self.job.after):
            self._set(self.job.before)

    def _set(self, state: State | None) -> None:
        if state is None or state.mode is None:
            return
        is_folder = isinstance(state.content, Folder)
        set_mode = placing.set_folder_mode if is_folder else placing.set_file_mode
        set_mode(self._site.root, self.job.path, state.mode)


class _MakeFolder(_NameStep):
    def _act(self) -> None:
        placing.make_folder(self._site.root, self.job.path)

    def _take_back(self) -> None:
        # Another program may use it by now, and then it stays.
        with suppress(OSError):
            placing.remove_folder(self._site.root, self.job.path)


class _RemoveFolder(_NameStep):
    def _act(self) -> None:
        placing.remove_folder(self._site.root, self.job.path)

    def _take_back(self) -> None:
        placing.make_folder(self._site.root, self.job.path)
        if self.job.before is not None and self.job.before.mode is not None:
            placing.set_folder_mode(self._site.root, self.job.path, self.job.before.mode)


_STEPS: dict[Kind, type[Step]] = {
    Kind.REPLACE: _Replace,
    Kind.MAKE: _Make,
    Kind.REMOVE: _Remove,
    Kind.TAKE_OUT: _TakeOut,
    Kind.RENAME: _Rename,
    Kind.SET_MODE: _SetMode,
    Kind.MAKE_FOLDER: _MakeFolder,
    Kind.REMOVE_FOLDER: _RemoveFolder,
}


def step_of(site: Site, job: Job) -> Step:
    """Give the step that does a job."""
    return _STEPS[job.kind](site, job)


def _stale(path: Path) -> StaleEdit:
    return StaleEdit(f"{path.name!r} changed on disk just now; nothing was written")
