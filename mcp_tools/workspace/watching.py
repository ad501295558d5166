"""Being told of changes on disk below a root, without a look at what is ignored.

Each folder of the project is watched by itself, so that a large ignored one, such as an
environment or a build, costs nothing. When folders come, all are watched anew; what happened in
between cannot be told, so then the root itself is reported, which means: anything may have
changed.
"""

import logging
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

from watchfiles._rust_notify import RustNotify  # its `watch` tells not when it has begun

from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.walking import walk
from mcp_tools.workspace.ignore import ALWAYS_IGNORED, RULE_FILES, IgnoreRules

_DEBOUNCE_MS = 200
"""Changes that come this close together are told at once, at the latest."""
_STEP_MS = 100
_MAX_FAILURES = 20
_PAUSE_S = 0.1
_IDLE_MS = 0
"""No time limit: the watch sleeps until something happens, or it is stopped."""

logger = logging.getLogger(__name__)


class WatchListener(Protocol):
    """Is told what a watch sees, on a thread of the watch."""

    def watch_began(self) -> None:
        """From now on every change is told."""
        ...

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """Files were made, changed or removed; of a folder, anything in it may have changed."""
        ...

    def watch_ended(self) -> None:
        """No change is told any more."""
        ...


class Watch:
    """A watch over one root, on a thread of its own."""

    def __init__(self, root: Path, listener: WatchListener) -> None:
        """Start to watch."""
        self._root = root
        self._listener = listener
        self._stop = Event()
        self._n_failures = 0
        self._thread = Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and wait until that is done."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._watch()
        except (OSError, ExpectedError) as error:
            # Mostly the system's limit of watches. Whoever needs fresh files looks itself then.
            logger.warning(
                "changes below %s are not watched: %s; on Linux, raise fs.inotify.max_user_watches",
                self._root,
                error,
            )
        finally:
            self._listener.watch_ended()

    def _watch(self) -> None:
        has_begun = False
        while not self._stop.is_set():
            folders = self._folders()
            notify = self._notify(folders)
            if notify is None:
                continue  # A folder went between the two; look again.
            if has_begun:
                self._listener.files_changed((self._root,))
            else:
                self._listener.watch_began()
            has_begun = True
            self._tell(notify, set(folders))

    def _tell(self, notify: RustNotify, folders: set[str]) -> None:
        """Tell changes until there is a folder that is not watched, or the end."""
        rules = self._rules()
        while True:
            raw = notify.watch(_DEBOUNCE_MS, _STEP_MS, _IDLE_MS, self._stop)
            if raw == "stop" or self._stop.is_set():
                return
            if not isinstance(raw, set):
                continue
            paths = [Path(path) for _, path in raw]
            if any(path.name in RULE_FILES for path in paths):
                return
            wanted = [path for path in paths if not _is_hidden(path, rules)]
            if wanted:
                self._listener.files_changed(tuple(sorted(wanted)))
            if any(_is_new_folder(path, folders) for path in wanted):
                return

    def _folders(self) -> list[str]:
        found = walk(self._root, _is_never)
        if not found.folders:
            raise FileNotFoundError(f"there is no folder {str(self._root)!r}")
        return [str(self._root / folder) for folder in found.folders]

    def _notify(self, folders: list[str]) -> RustNotify | None:
        try:
            # To pass over folders that may not be read would be to pass over every failure.
            return RustNotify(folders, False, False, 0, False, False)  # noqa: FBT003  its own form
        except (FileNotFoundError, PermissionError):
            if not self._root.is_dir() or self._n_failures >= _MAX_FAILURES:
                raise
            self._n_failures += 1
            self._stop.wait(_PAUSE_S)
            return None

    def _rules(self) -> IgnoreRules:
        source = DiskSource(self._root)

        def text(path: Path) -> str | None:
            try:
                return source.read(path).text
            except ExpectedError:
                return None

        return IgnoreRules(self._root, text)


def _is_never(_name: str) -> bool:
    return False


def _is_hidden(path: Path, rules: IgnoreRules) -> bool:
    return path.name in ALWAYS_IGNORED or rules.is_ignored(path)


def _is_new_folder(path: Path, folders: Iterable[str]) -> bool:
    return str(path) not in folders and path.is_dir() and not path.is_symlink()
