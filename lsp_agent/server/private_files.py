"""Files of our own in the user's cache folder, for what an editor shows and no project has.

Only the user can read them. They belong to no workspace, wherever the cache folder lies.
"""

import os
import tempfile
from pathlib import Path

import platformdirs

from mcp_tools.types.errors import Denied

MAX_BYTES = 64 * 1024 * 1024


def private_path(*parts: str) -> Path:
    """Give the path of a private file or folder, which need not exist."""
    return platformdirs.user_cache_path("lsp-agent").joinpath(*parts)


def is_private(path: Path) -> bool:
    """Tell whether a path lies among our private files, by its name or through links."""
    root = private_path()
    return root in path.parents or root.resolve() in path.resolve().parents


def private_name(path: Path, folder: str) -> str | None:
    """Give a file's name if it lies in one of our private folders, by its name or by links."""
    own = private_path(folder)
    return path.name if path.parent == own or path.parent.resolve() == own.resolve() else None


def write_private(path: Path, text: str) -> None:
    """Write a private file, whole; its folder is made when it is missing.

    Raises: Denied if it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600, also on a system with a careless umask.
        fd, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(fd, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
                file.write(text)
            os.replace(temporary, path)
        except OSError:
            remove_private(Path(temporary))
            raise
    except OSError as error:
        raise Denied(f"{str(path)!r} cannot be written: {error.strerror or error}") from error


def read_private(path: Path) -> str | None:
    """Give the text of a private file, None if there is none that can be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes().decode("utf-8", "surrogatepass")
    except (OSError, UnicodeDecodeError):
        return None


def remove_private(path: Path) -> None:
    """Remove a private file; one that is not there, or must stay, is no fault."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def newest_private(folder: Path, pattern: str) -> list[Path]:
    """Give the private files of a folder whose names match, the newest first."""
    try:
        found = [(path.stat().st_mtime, path) for path in folder.glob(pattern)]
    except OSError:
        return []
    return [path for _, path in sorted(found, reverse=True)]
