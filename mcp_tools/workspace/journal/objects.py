"""Contents as compressed files, each named by the digest of what is in it.

A file is written beside, synced and renamed, so it is whole or not there; what is read is checked
against its name. Equal contents are one file. Which contents belong here is not known here: the
database says it, and a file that it does not name is rubbish.
"""

import errno
import os
import re
import secrets
import stat
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.contents import key_of
from mcp_tools.workspace.journal.private import (
    check_private_folder,
    make_private_folder,
    names_in,
    remove_if_there,
    sync_folder,
)

N_SHARDS = 256
"""Folders that the files are spread over, by the first byte of their digests."""

OBJECTS_NAME = "objects"

_NAME = re.compile(r"[0-9a-f]{62}")
_LEVEL = 3
"""Of compression: nearly as small as more, and quick enough to be waited for at each edit."""
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_NOT_A_FILE = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENXIO})


class Objects:
    """The content files of one journal."""

    def __init__(self, folder: Path, owner_id: str) -> None:
        """Take the journal's folder; the owner's id is in the names of its temporary files."""
        self._objects = folder / OBJECTS_NAME
        self._incoming = folder / "incoming"
        self._owner_id = owner_id

    def prepare(self) -> None:
        """Make the folders, or see that those there are private.

        Raises: OSError; JournalFailed.
        """
        make_private_folder(self._objects)
        make_private_folder(self._incoming)

    def write_beside(self, data: bytes) -> Path:
        """Write a content to a temporary file, synced, under a name of its own.

        Raises: OSError.
        """
        path = self._incoming / f"{self._owner_id}-{secrets.token_hex(8)}.tmp"
        fd = os.open(path, _NEW_FILE, 0o600)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(zlib.compress(data, _LEVEL))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            remove_if_there(path)  # a full disk needs the room
            raise
        return path

    def publish(self, temporaries: Mapping[Digest, Path]) -> dict[Digest, int]:
        """Give the temporary files their places, durably, and their sizes in bytes.

        Raises: OSError; JournalFailed.
        """
        sizes: dict[Digest, int] = {}
        for key, temporary in temporaries.items():
            path = self._path_of(key)
            make_private_folder(path.parent)
            sizes[key] = os.lstat(temporary).st_size
            os.replace(temporary, path)
        for folder in {self._path_of(key).parent for key in temporaries}:
            sync_folder(folder)
        return sizes

    def read(self, key: Digest, size_bytes: int) -> bytes | None:
        """Give a content; None if there is none, or not the one that its name promises.

        Raises: OSError; JournalFailed.
        """
        compressed = self._read_file(self._path_of(key))
        if compressed is None:
            return None
        try:
            # Never more than was promised, whatever a damaged file would unpack to.
            data = zlib.decompressobj().decompress(compressed, size_bytes + 1)
        except zlib.error:
            return None
        return data if key_of(data) == key else None

    def remove(self, key: Digest) -> None:
        """Remove a content if it is there.

        Raises: OSError; JournalFailed.
        """
        path = self._path_of(key)
        with suppress(FileNotFoundError):
            check_private_folder(path.parent)
            remove_if_there(path)

    def keys_in(self, shard: int) -> frozenset[Digest]:
        """Give the keys of all files in one of the `N_SHARDS` folders.

        Raises: OSError; JournalFailed.
        """
        folder = self._objects / f"{shard:02x}"
        with suppress(FileNotFoundError):
            check_private_folder(folder)
        names = names_in(folder)
        return frozenset(Digest(f"{shard:02x}{name}") for name in names if _NAME.fullmatch(name))

    def remove_temporaries(self, owner_id: str) -> None:
        """Remove what an owner that is gone was writing.

        Raises: OSError.
        """
        for name in names_in(self._incoming):
            if name.startswith(f"{owner_id}-"):
                remove_if_there(self._incoming / name)

    def _read_file(self, path: Path) -> bytes | None:
        try:
            check_private_folder(path.parent)
            fd = os.open(path, _FILE)
        except OSError as error:
            if error.errno in _NOT_A_FILE:
                return None
            raise
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            os.close(fd)
            return None
        with os.fdopen(fd, "rb") as file:
            if stat.S_IMODE(status.st_mode) & 0o077:
                os.fchmod(fd, 0o600)
            return file.read()

    def _path_of(self, key: Digest) -> Path:
        return self._objects / key[:2] / key[2:]
