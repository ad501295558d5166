"""Steps as one: all of them take effect, or none does.

First everything that can fail for want of room or rights is done beside the paths. Then each
step takes effect, right after its path was looked at once more. At the end all is looked at
again, what came and what went; when anything is not as expected, everything is put back.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType

from mcp_tools.types.errors import Conflict, Denied, ExpectedError, NotFound, OutsideWorkspace
from mcp_tools.workspace.disk.placing import sync_folder
from mcp_tools.workspace.disk.plan import Job
from mcp_tools.workspace.disk.steps import Site, Step, step_of

logger = logging.getLogger(__name__)


def carry_out(site: Site, jobs: Iterable[Job]) -> None:
    """Do all jobs in the order given.

    Raises: StaleEdit, Denied, OutsideWorkspace or another ExpectedError when all is as before;
        Conflict when something could not be put back, or another program wrote there.
    """
    with _Transaction(site, [step_of(site, job) for job in jobs]) as transaction:
        transaction.run()


class _Transaction:
    """Steps in the making; left by an exception, it puts back what it had done."""

    def __init__(self, site: Site, steps: list[Step]) -> None:
        self._site = site
        self._steps = steps
        self._done: list[Step] = []

    def __enter__(self) -> "_Transaction":
        return self

    def run(self) -> None:
        """Do the steps."""
        for step in self._steps:
            self._try(step.job.path, step.prepare)
        for step in self._steps:
            self._try(step.job.path, step.check)
            self._try(step.job.path, step.act)
            self._done.append(step)
        for step in self._steps:
            self._try(step.job.path, step.verify)
        for folder in self._folders():
            with suppress(NotFound, OutsideWorkspace):  # It was removed, or is a file now.
                self._try(folder, partial(sync_folder, self._site.root, folder))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        lost = [] if error is None else [s for s in reversed(self._done) if not _took_back(s)]
        lost += [step for step in self._steps if step not in lost and not _cleared(step)]
        for folder in self._folders():
            with suppress(OSError, ExpectedError):
                sync_folder(self._site.root, folder)
        if lost and error is None:
            logger.warning("another program wrote into what was replaced: %s", _told(lost))
        elif lost:
            raise Conflict(
                f"writing failed ({error}), and these could not be put back: {_told(lost)}"
            ) from error

    def _folders(self) -> list[Path]:
        """Give the folders in which names change, the innermost first."""
        jobs = [step.job for step in self._steps]
        changed = [path for job in jobs for path in (job.path, job.temporary, job.origin) if path]
        return sorted({path.parent for path in changed}, reverse=True)

    def _try(self, path: Path, action: Callable[[], None]) -> None:
        try:
            action()
        except OSError as error:
            name = path.relative_to(self._site.root).as_posix()
            raise Denied(
                f"nothing was changed: {name!r} cannot be written: {error.strerror or error}"
            ) from error


def _took_back(step: Step) -> bool:
    try:
        step.take_back()
    except (OSError, ExpectedError):
        return False
    return True


def _cleared(step: Step) -> bool:
    """Tell whether nothing is left beside the path, or nothing that anybody could miss."""
    try:
        return step.clear()
    except (OSError, ExpectedError) as error:
        logger.warning("%s could not be removed: %s", step.job.temporary, error)
        return True


def _told(steps: Iterable[Step]) -> str:
    return ", ".join(
        repr(step.job.path.name)
        + (f" (what was there is in {step.beside.name!r})" if step.beside else "")
        for step in steps
    )
