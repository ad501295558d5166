"""Tokens of our own: made here, shown once, kept as digests only, revoked at once.

A token is 256 random bits, so its plain SHA-256 tells nothing about it, and the file that holds
the digests lets nobody in. A running server looks at the file with each request.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mcp_tools.server.http.access import Principal
from mcp_tools.types.errors import Denied, NotFound
from mcp_tools.workspace.journal.private import make_private_folder, sync_folder

TOKEN_PREFIX = "lspa_"
"""Lets people, and scanners for secrets, see what it is."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_TOKEN = re.compile(re.escape(TOKEN_PREFIX) + r"[A-Za-z0-9_-]{43}")
_LOCK_TIMEOUT_S = 5.0
_MAX_BYTES = 1_000_000
_logger = logging.getLogger(__name__)

_State: TypeAlias = tuple[int, int, int]
"""Inode, size and time of change of the file that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEntry:
    """What is kept of one token."""

    name: str
    """Whom it was given to; unique."""
    digest: str
    """SHA-256 of the token, in hex."""
    created_at: int
    """Seconds since 1970."""

    @property
    def principal(self) -> Principal:
        """Who shows this token: another one once it is replaced."""
        return Principal(id=f"token:{self.name}:{self.digest[:12]}")


class TokenFile:
    """The tokens of one file; safe to use from several processes at once.

    It is a `Verifier`: what it cannot read, it takes for no token at all.
    """

    def __init__(self, path: Path) -> None:
        """Take the file's path; its folder is made, private, with the first token."""
        self._path = path
        self._entries: tuple[TokenEntry, ...] = ()
        self._state: _State | None = None

    def create(self, name: str) -> str:
        """Make a token, and give it: the only time that anybody sees it.

        Raises: Denied if the name is not usable or taken, or the file is not private.
        """
        if not _NAME.fullmatch(name):
            raise Denied(
                f"A token's name has up to 40 of a-z, 0-9, - and _, and begins with a letter or"
                f" digit, got {name!r}"
            )
        with self._locked():
            entries = self.entries()
            if any(entry.name == name for entry in entries):
                raise Denied(
                    f"There is a token {name!r} already: rotate it, or choose another name"
                )
            token, entry = _new_token(name)
            self._write((*entries, entry))
        return token

    def rotate(self, name: str) -> str:
        """Replace a token: the old one is good for nothing from now on.

        Raises: NotFound; Denied if the file is not private.
        """
        with self._locked():
            others = self._without(name)
            token, entry = _new_token(name)
            self._write((*others, entry))
        return token

    def revoke(self, name: str) -> None:
        """Make a token good for nothing.

        Raises: NotFound; Denied if the file is not private.
        """
        with self._locked():
            self._write(self._without(name))

    def entries(self) -> tuple[TokenEntry, ...]:
        """Give what is known of the tokens, the oldest first; none if there is no file.

        Raises: Denied if others could read or write the file, or it is damaged.
        """
        try:
            state = _state_of(os.lstat(self._path))
        except FileNotFoundError:
            self._state, self._entries = None, ()
            return ()
        except OSError as error:
            raise Denied(f"The token file {self._path} cannot be read: {error.strerror}") from error
        if state != self._state:
            self._entries = self._read()
            self._state = state
        return self._entries

    async def verify(self, token: str) -> Principal | None:
        """Give the principal of a token; None if it is not, or no more, a good one."""
        if not _TOKEN.fullmatch(token):
            return None
        digest = _digest_of(token)
        found: Principal | None = None
        for entry in self._known():  # all of them, so that time tells nothing
            if hmac.compare_digest(entry.digest, digest):
                found = entry.principal
        return found

    def is_still_good(self, principal: Principal) -> bool:
        """Tell whether the token has been neither replaced nor revoked."""
        return any(entry.principal == principal for entry in self._known())

    def _known(self) -> tuple[TokenEntry, ...]:
        try:
            return self.entries()
        except Denied as error:
            _logger.warning("No token is accepted: %s", error)
            return ()

    def _without(self, name: str) -> tuple[TokenEntry, ...]:
        entries = self.entries()
        others = tuple(entry for entry in entries if entry.name != name)
        if len(others) == len(entries):
            raise NotFound(f"There is no token {name!r}")
        return others

    def _read(self) -> tuple[TokenEntry, ...]:
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise Denied(f"The token file {self._path} cannot be read: {error.strerror}") from error
        with os.fdopen(fd, "rb") as file:
            self._check(os.fstat(fd))
            data = file.read(_MAX_BYTES)
        try:
            stored = _StoredTokens.model_validate_json(data)
        except ValidationError as error:
            raise Denied(
                f"The token file {self._path} is damaged: remove it, and make new tokens"
            ) from error
        return tuple(TokenEntry(**entry.model_dump()) for entry in stored.tokens)

    def _check(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise Denied(f"The token file {self._path} is not a file of yours: remove it")
        if status.st_mode & 0o077:
            raise Denied(
                f"Others can use the token file {self._path}: run `chmod 600 {self._path}`, and"
                " rotate its tokens if somebody may have written to it"
            )

    def _write(self, entries: Iterable[TokenEntry]) -> None:
        content = {"version": 1, "tokens": [asdict(entry) for entry in entries]}
        temporary = self._path.with_name(f".{self._path.name}-{secrets.token_hex(8)}")
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except OSError as error:
            with suppress(OSError):
                os.unlink(temporary)
            raise Denied(f"The token file {self._path} cannot be written: {error}") from error
        sync_folder(self._path.parent)

    def _locked(self) -> FileLock:
        make_private_folder(self._path.parent)
        lock = FileLock(f"{self._path}.lock", mode=0o600)
        try:
            lock.acquire(timeout=_LOCK_TIMEOUT_S)
        except Timeout as error:
            raise Denied(f"Another process is changing {self._path}: try again") from error
        return lock


class _StoredToken(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(pattern=f"^{_NAME.pattern}$")
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    created_at: int


class _StoredTokens(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    version: int = Field(ge=1, le=1)
    tokens: list[_StoredToken] = Field(max_length=1000)


def _new_token(name: str) -> tuple[str, TokenEntry]:
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    entry = TokenEntry(name=name, digest=_digest_of(token), created_at=int(time.time()))
    return token, entry


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _state_of(status: os.stat_result) -> _State:
    return status.st_ino, status.st_size, status.st_ctime_ns
