"""The files that one view shows, each with its scopes, loaded when they are asked for."""

from dataclasses import dataclass, field

from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.values import Values
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import Digest

N_LEVELS = 3
"""A parameter can be what callers pass, whose parameters can be what their callers pass. Values
that are worked out so are kept apart by this level, since at the last one no caller is asked."""
MAX_FILES = 1_000
"""How many files are kept in a loaded form; the ones loaded first are dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFile:
    """One file with what was found out about its terms."""

    digest: Digest | None
    scopes: FileScopes
    values: tuple[dict[int, Values], ...] = field(
        default_factory=lambda: tuple(dict[int, Values]() for _ in range(N_LEVELS))
    )
    """By term, for each level of callers that were asked."""


class Outdated(StaleEdit):
    """A file has another text than the one that values were worked out from."""


class Files:
    """Loads files of one view; takes over what an earlier view had of unchanged files."""

    def __init__(self, codebase: CodebaseView, earlier: "Files | None" = None) -> None:
        """Load nothing yet."""
        self.is_outdated = False
        """What was worked out is of no use any more."""
        self._codebase = codebase
        self._checked: set[str] = set()
        """Files that have the text which the code base shows."""
        self._loaded: dict[str, LoadedFile | None] = {}
        self._earlier = earlier.known_scopes() if earlier is not None else {}

    @property
    def codebase(self) -> CodebaseView:
        """The view that is asked."""
        return self._codebase

    @codebase.setter
    def codebase(self, codebase: CodebaseView) -> None:
        if codebase is not self._codebase:
            self._codebase = codebase
            self._checked.clear()

    def known_scopes(self) -> dict[str, tuple[Digest | None, FileScopes]]:
        """Give the scopes of the files that were loaded for this view or an earlier one."""
        known = dict(self._earlier)
        for file, loaded in self._loaded.items():
            if loaded is not None:
                known[file] = loaded.digest, loaded.scopes
        return dict(list(known.items())[-MAX_FILES:])

    def load(self, file: str) -> LoadedFile | None:
        """Give a file; None if there is none, or it is left out.

        Raises: Outdated if it changed on disk after an earlier view of the same revision.
        """
        if file in self._checked:
            return self._loaded[file]
        self._checked.add(file)
        if file in self._loaded:
            return self._still(file, self._loaded[file])
        loaded = self._loaded[file] = self._make(file)
        return loaded

    def _still(self, file: str, loaded: LoadedFile | None) -> LoadedFile | None:
        if self._codebase.digest(file) != (None if loaded is None else loaded.digest):
            self.is_outdated = True
            raise Outdated(f"{file!r} changed just now; ask again")
        return loaded

    def _make(self, file: str) -> LoadedFile | None:
        earlier = self._earlier.pop(file, None)
        digest = self._codebase.digest(file)
        if earlier is not None and earlier[0] == digest:
            return LoadedFile(digest=digest, scopes=earlier[1])
        facts = self._codebase.facts(file)
        if facts is None:
            return None
        return LoadedFile(digest=digest, scopes=FileScopes(file, facts))

    def trim(self) -> None:
        """Forget the files that were loaded first, if there are too many."""
        if len(self._loaded) > MAX_FILES:
            for file in list(self._loaded)[: MAX_FILES // 4]:
                del self._loaded[file]
                self._checked.discard(file)
