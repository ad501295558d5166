"""The machine as the disk shows it: programs on PATH, links, and what globs stand for."""

import os
import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import Path

MAX_NAMES = 1000
"""More than so many names of a glob, or entries of its folders, are too much to look at."""

_MAX_ENTRIES = 5_000
_FOLDER_COST = 20
"""To look into a folder counts as so many entries."""
_MAX_PARTS = 50
_UNSURE = ("[:", "[.", "[=", "[!", "[^", "//")
"""What depends on the locale in a set of characters, or means all but it; and an empty name."""
_QUOTED_IN_SET = re.compile(r"(?<!\\)(?:\\\\)*\[[^/]*\\")
"""A quoted character after the beginning of a set, of which it may be a part."""


class DiskWorld:
    """The disk, and a PATH that may differ from our own; implements World."""

    def __init__(self, path: str) -> None:
        """Look for programs in `path`, which is what the commands will get as PATH."""
        self._folders = tuple(path.split(os.pathsep))

    def program(self, name: str, cwd: Path) -> Path | None:
        """Give the file that a command word runs, absolute; its links are not followed."""
        folders = ("",) if "/" in name else self._folders
        # An empty entry is the current folder, and one that is relative begins there.
        found = (os.path.join(cwd, folder, name) for folder in folders)
        return next((Path(path) for path in found if _is_executable(path)), None)

    def real(self, path: Path) -> Path:
        """Resolve the links of an absolute path, also of one that is not there."""
        return Path(os.path.realpath(path))

    def expand(self, pattern: str, cwd: Path) -> tuple[str, ...] | None:
        """Give what a glob stands for, sorted; None if that is too much to look at."""
        if pattern.count("/") > _MAX_PARTS or any(unsure in pattern for unsure in _UNSURE):
            return None
        if _QUOTED_IN_SET.search(pattern):
            return None
        search = _Search(cwd)
        start = "/" if pattern.startswith("/") else ""
        found = sorted(search.names(start, pattern.removeprefix("/").split("/")))
        return None if search.is_over or len(found) > MAX_NAMES else tuple(found)


class _Search:
    """Goes down the parts of a glob, and counts what it looks at."""

    def __init__(self, cwd: Path) -> None:
        self.is_over = False
        self._cwd = cwd
        self._n_entries = 0

    def names(self, prefix: str, parts: list[str]) -> Iterator[str]:
        """Give the names that begin with `prefix` and go on as the parts say."""
        part, rest = parts[0], parts[1:]
        if not part:  # After a slash at the end: only a folder has that.
            yield prefix
            return
        for name in self._matching(prefix, part):
            if not rest:
                yield f"{prefix}{name}"
            elif os.path.isdir(self._cwd / prefix / name):
                yield from self.names(f"{prefix}{name}/", rest)

    def _matching(self, prefix: str, part: str) -> Iterator[str]:
        plain = re.sub(r"\\(.)", r"\1", part)
        if not re.search(r"(?<!\\)[*?[]", re.sub(r"\\\\", "", part)):
            if os.path.lexists(self._cwd / prefix / plain):
                yield plain
            return
        matches = re.compile(_regex(part)).fullmatch
        counts = re.search(r"(?<!\\)[?\[]", re.sub(r"\\\\", "", part)) is not None
        for name in self._entries(prefix):
            if counts and not name.isascii():
                # In the C locale bash counts bytes where other locales have characters.
                self.is_over = True
            if matches(name) and (part.startswith(".") or not name.startswith(".")):
                yield name

    def _entries(self, prefix: str) -> Iterator[str]:
        try:
            # Before its version 5.2, bash takes these two for hidden files.
            names = [".", "..", *os.listdir(self._cwd / prefix)]
        except OSError:
            return
        self._n_entries += len(names) + _FOLDER_COST
        if self._n_entries > _MAX_ENTRIES:
            self.is_over = True
            return
        yield from names


def _regex(part: str) -> str:
    """Give the regular expression of a part, in which a backslash quotes."""
    return translate(re.sub(r"\\(.)", lambda match: f"[{match[1]}]", part))


def _is_executable(path: str) -> bool:
    return os.access(path, os.X_OK) and os.path.isfile(path)
