"""Trust in folders: who asks is told at once, and only the user gives it."""

import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout

from lsp_agent.permissions.levels import Trust
from lsp_agent.trust.identity import (
    FolderIdentity,
    identity_of,
    places_above,
    reason_against,
)
from lsp_agent.trust.patterns import matching_pattern
from lsp_agent.trust.powers import Power, powers_of
from lsp_agent.trust.records import (
    Damaged,
    Grant,
    TrustFailed,
    put_aside,
    read_grants,
    write_grants,
)
from mcp_tools.types.errors import Denied
from mcp_tools.workspace.journal.private import make_private_folder

FILE_NAME = "trust.json"

_LOCK_TIMEOUT_S = 5.0
_logger = logging.getLogger(__name__)

_State: TypeAlias = tuple[int, int, int, int, int]
"""What tells that the file is still the one that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustView:
    """How it stands with one folder."""

    trust: Trust
    reason: str
    """Why it is trusted, or is not."""
    powers: tuple[Power, ...]
    """All that asks for power there."""
    changed: tuple[Power, ...]
    """Those that nobody has agreed to, being new or other than they were: they are off."""

    @property
    def active(self) -> tuple[Power, ...]:
        """The powers that the user has agreed to, as they are now."""
        return tuple(power for power in self.powers if power not in self.changed)


class TrustStore:
    """The user's word on folders, kept in a private file; safe to use from several processes.

    Whatever cannot be read trusts nothing.
    """

    def __init__(self, folder: Path, trusted_folders: tuple[str, ...] = ()) -> None:
        """Keep the file in `folder`; the patterns of `trusted_folders` are trusted, too."""
        self._path = folder / FILE_NAME
        self._patterns = trusted_folders
        self._state: _State | None = None
        self._has_read = False
        self._grants: tuple[Grant, ...] = ()
        self._problem = ""

    def trust_of(self, root: Path) -> Trust:
        """Tell whether the folder at `root` is trusted now; cheap enough for every decision."""
        return Trust.TRUSTED if self._ground(root)[0] else Trust.UNTRUSTED

    def look(self, root: Path) -> TrustView:
        """Give all that a person should know before they decide; it reads files of the folder."""
        ground, grant = self._ground(root)
        powers = powers_of(Path(os.path.realpath(root)))
        agreed = frozenset(grant.powers) if grant is not None else frozenset[str]()
        changed = tuple(each for each in powers if each.problem or each.digest not in agreed)
        trust = Trust.TRUSTED if ground else Trust.UNTRUSTED
        reason = ground or self._problem or "nobody has vouched for it"
        return TrustView(trust=trust, reason=reason, powers=powers, changed=changed)

    def grant(self, root: Path, powers: tuple[Power, ...] | None = None) -> None:
        """Trust a folder, with the powers that the user was shown, or those that it has now.

        Raises: Denied if nobody can vouch for such a folder; TrustFailed.
        """
        identity = identity_of(root)
        if identity is None:
            raise Denied(f"expected a folder to trust, got {str(root)!r}")
        against = reason_against(Path(identity.path))
        if against:
            raise Denied(f"{identity.path!r} cannot be trusted as a whole: {against}")
        shown = powers_of(Path(identity.path)) if powers is None else powers
        digests = tuple(sorted(power.digest for power in shown if not power.problem))
        with self._locked():
            others = [each for each in self._kept() if each.path != identity.path]
            write_grants(self._path, (*others, Grant(**asdict(identity), powers=digests)))

    def revoke(self, root: Path) -> None:
        """Take the user's word for a folder back; nothing happens if there is none.

        Raises: Denied if the folder is trusted for another reason, which it names; TrustFailed.
        """
        real = os.path.realpath(root)
        with self._locked():
            kept = self._kept()
            others = [each for each in kept if each.path != real]
            if len(others) != len(kept):
                write_grants(self._path, others)
        ground, _ = self._ground(root)
        if ground:
            raise Denied(f"{real!r} is still trusted: {ground}; change that")

    def grants(self) -> tuple[Grant, ...]:
        """Give every word that was given, the oldest first, whether it still holds or not."""
        self._refresh()
        return self._grants

    def problems(self) -> tuple[str, ...]:
        """Say why the file is not used; empty if it is, or there is none."""
        self._refresh()
        return (self._problem,) if self._problem else ()

    def _ground(self, root: Path) -> tuple[str, Grant | None]:
        """Give why a folder is trusted, empty if it is not, with the user's word for it."""
        self._refresh()
        here = Path(os.path.realpath(root))
        places = places_above(here)
        for place in places:
            grant = self._grant_of(identity_of(place))
            if grant is not None:
                return ("you trust it" if place == here else f"you trust {str(place)!r}"), grant
        for place in places:
            pattern = matching_pattern(place, self._patterns)
            if pattern:
                return f"your settings trust {pattern!r}", None
        return "", None

    def _grant_of(self, identity: FolderIdentity | None) -> Grant | None:
        if identity is None:
            return None
        wanted = asdict(identity)
        for grant in self._grants:
            if all(getattr(grant, name) == value for name, value in wanted.items()):
                return grant
        return None

    def _refresh(self) -> None:
        """Read the file again if it is another one than was read."""
        state = _state_of(self._path)
        if self._has_read and state == self._state:
            return
        self._grants, self._problem, self._state, self._has_read = (), "", state, True
        try:
            self._grants = read_grants(self._path)
        except TrustFailed as error:
            self._problem = str(error)
            _logger.warning("%s", error)

    def _kept(self) -> tuple[Grant, ...]:
        """Give what is in the file, to be written anew; a damaged one is put aside."""
        try:
            return read_grants(self._path)
        except Damaged as error:
            _logger.warning("%s; it is now %s", error, put_aside(self._path))
            return ()

    def _locked(self) -> FileLock:
        make_private_folder(self._path.parent)
        lock = FileLock(f"{self._path}.lock", mode=0o600)
        try:
            lock.acquire(timeout=_LOCK_TIMEOUT_S)
        except Timeout as error:
            raise TrustFailed(
                f"another process is changing {str(self._path)!r}: try again"
            ) from error
        return lock


def _state_of(path: Path) -> _State | None:
    """Tell which file is there, in which state, and who may write to its folder."""
    try:
        status, folder = os.lstat(path), os.lstat(path.parent)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, folder.st_mode
