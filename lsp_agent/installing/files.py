"""The settings files of clients on disk: read, kept as they were, and replaced whole."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.installing.client import MODULE, PROGRAM, Client, Places
from mcp_tools.types.errors import Conflict, Denied, NotText

MAX_BYTES = 64 * 1024 * 1024
PRIVATE_MODE = 0o600
SHARED_MODE = 0o644
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """A settings file as it was read."""

    path: Path
    """As the client knows it; it may be a link."""
    content: bytes | None
    """None if there is no file."""

    @property
    def text(self) -> str:
        """What the file says, without the mark that Windows programs begin with.

        Raises: NotText.
        """
        try:
            return (self.content or b"").decode("utf-8").removeprefix(_MARK)
        except UnicodeDecodeError as error:
            raise NotText(f"{str(self.path)!r} is not UTF-8: {error}") from error

    @property
    def mark(self) -> str:
        """What to begin the file with."""
        return _MARK if (self.content or b"").startswith(_MARK.encode()) else ""


def our_places() -> Places:
    """Give where the programs of this user keep their settings."""
    return Places(home=Path.home(), variables=dict(os.environ), platform=sys.platform)


def our_program() -> Sequence[str]:
    """Give what starts this installation, by absolute paths: an editor has another PATH.

    With `-P`, since it starts in a workspace, whose modules must not be taken for ours.
    """
    found = shutil.which(PROGRAM, path=str(Path(sys.executable).parent))
    return [sys.executable, "-P", "-m", MODULE] if found is None else [found]


def user_file(client: Client, places: Places) -> Path:
    """Give the user's settings file of a client: the first that is there, else the first."""
    return _first(client.user_files(places))


def project_file(client: Client, root: Path) -> Path:
    """Give the same for a project.

    Raises: Denied if a link leads out of the project.
    """
    path = _first([root / name for name in client.project_files])
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise Denied(f"{str(path)!r} leads out of the project; remove that link first")
    return path


def read_settings_file(path: Path) -> SettingsFile:
    """Read a settings file; one that is not there has no content.

    Raises: Denied if it is no ordinary file, or too large, or cannot be read.
    """
    try:
        content = _content(path)
    except OSError as error:
        raise Denied(f"{str(path)!r} cannot be read: {error.strerror or error}") from error
    return SettingsFile(path=path, content=content)


def replace_settings_file(
    file: SettingsFile, text: str, *, backups: Path, new_mode: int = PRIVATE_MODE
) -> Path | None:
    """Write a new text at once, and give where the old one is kept, None if there was none.

    A link stays a link; the file's mode stays. A new file gets `new_mode`.
    Raises: Conflict if somebody else has written the file since it was read; Denied.
    """
    target = Path(os.path.realpath(file.path))
    content = (file.mark + text).encode()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = new_mode if file.content is None else stat.S_IMODE(target.stat().st_mode)
        kept = None if file.content is None else _keep(file, backups)
        fd, temporary = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        try:
            with os.fdopen(fd, "wb") as draft:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())
            os.chmod(temporary, mode)
            if _content(file.path) != file.content:
                raise Conflict(f"{str(file.path)!r} has changed meanwhile; try again")
            os.replace(temporary, target)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise Denied(f"{str(file.path)!r} cannot be written: {error.strerror or error}") from error
    return kept


def _content(path: Path) -> bytes | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES:
        raise Denied(f"expected {str(path)!r} to be a file of at most {MAX_BYTES} bytes")
    return path.read_bytes()


def _keep(file: SettingsFile, backups: Path) -> Path:
    """Write what a file has to the first free name of our private folder."""
    backups.mkdir(mode=PRIVATE_MODE | stat.S_IXUSR, parents=True, exist_ok=True)
    number = 1 + len(list(backups.iterdir()))
    while True:
        path = backups / f"{number:04}-{file.path.name.lstrip('.')}"
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(fd, "wb") as copy:
            copy.write(file.content or b"")
        return path


def _first(paths: Sequence[Path]) -> Path:
    return next((path for path in paths if os.path.lexists(path)), paths[0])
