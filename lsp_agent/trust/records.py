"""Grants as they are written down: one private file of the user's, never in a workspace."""

import json
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.journal.private import sync_folder

_MAX_BYTES = 4_000_000
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Grant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The user's word for one folder."""

    path: str
    device: int
    inode: int
    owner: int
    powers: tuple[str, ...]
    """Digests of what asked for power when the word was given."""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int
    grants: tuple[Grant, ...]


class TrustFailed(ExpectedError):
    """What is known of trust cannot be used; nothing is trusted by it until it is mended."""


class Damaged(TrustFailed):
    """The file is not what was written; the text says what becomes of it."""


def read_grants(path: Path) -> tuple[Grant, ...]:
    """Give the grants of a file, none if there is no file.

    Raises: Damaged if it is not what was written; TrustFailed if it, or its folder, is not the
        user's own alone.
    """
    try:
        _check_alone(path.parent, os.lstat(path.parent))
        fd = os.open(path, _OLD)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise TrustFailed(f"{str(path)!r} cannot be read: {error.strerror}") from error
    with os.fdopen(fd, "rb") as file:
        _check_alone(path, os.fstat(fd))
        data = file.read(_MAX_BYTES + 1)
    try:
        # The standard parser, because a path may hold bytes that are not UTF-8.
        stored = msgspec.convert(json.loads(data[:_MAX_BYTES]), _File)
        if stored.version != 1 or len(data) > _MAX_BYTES:
            raise ValueError("another version, or too long")
    except (ValueError, RecursionError) as error:
        raise Damaged(
            f"{str(path)!r} is damaged, so that no folder is trusted by it; the next "
            "`lsp-agent trust grant` puts it aside and begins a new one"
        ) from error
    return stored.grants


def write_grants(path: Path, grants: Iterable[Grant]) -> None:
    """Replace the file by one with these grants.

    Raises: TrustFailed; what was there before is there still.
    """
    content = {"version": 1, "grants": [msgspec.to_builtins(grant) for grant in grants]}
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(temporary, _NEW, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise TrustFailed(f"{str(path)!r} cannot be written: {error.strerror}") from error


def put_aside(path: Path) -> Path:
    """Give a damaged file another name, and tell which."""
    aside = path.with_name(f"{path.name}.damaged")
    os.replace(path, aside)
    return aside


def _check_alone(path: Path, status: os.stat_result) -> None:
    """See that nobody else can have written here. Raises: TrustFailed."""
    if status.st_uid != os.geteuid():
        raise TrustFailed(
            f"{str(path)!r} belongs to another user, so that no folder is trusted by it; "
            "move it away"
        )
    if stat.S_ISLNK(status.st_mode) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise TrustFailed(
            f"others can write to {str(path)!r}, so that no folder is trusted by it; look at "
            f"`lsp-agent trust list`, then run `chmod go-w {path}`"
        )
