"""Which files are not part of the project: the rules of .gitignore and .ignore files."""

import re
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from pathspec import GitIgnoreSpec

ReadText = Callable[[Path], str | None]
"""Gives the text of a file, None if there is none."""

RULE_FILES = (".gitignore", ".ignore")
ALWAYS_IGNORED = frozenset({".git"})

_MAX_STARS = 3
"""In one name of a rule. Each more multiplies the time of a match by the length of a name, and
the matcher holds up the whole process."""
_MAX_DEEP_STARS = 3
"""The same for `**`, with the depth of a path."""
_MAX_RULE_CHARS = 4096
_MAX_RULES = 2_000
"""In one folder; each file below is compared with all of them. What comes later is passed over."""
_STARS = re.compile(r"\*+")


class IgnoreRules:
    """The ignore rules of one tree, read when first needed.

    The nearest rule file that says anything about a path decides, as in git; what lies in an
    ignored folder is ignored. Rules from outside of the tree are not read.
    """

    def __init__(self, root: Path, read_text: ReadText) -> None:
        """Take the tree's root and the way to read rule files, unsaved ones included."""
        self._root = root
        self._read_text = read_text
        self._specs: dict[Path, GitIgnoreSpec | None] = {}
        self._folders: dict[Path, bool] = {}

    def is_ignored(self, path: Path) -> bool:
        """Tell whether a file is left out; whatever lies outside of the tree is.

        To learn it of a folder, ask for a name in the folder: rules such as `build/` are about
        folders alone, and a path does not say which it is.
        """
        if path == self._root:
            return False
        if self._root not in path.parents or path.name in ALWAYS_IGNORED:
            return True
        return self._is_folder_ignored(path.parent) or self._matches(path, is_folder=False)

    def _is_folder_ignored(self, folder: Path) -> bool:
        if folder == self._root:
            return False
        if folder not in self._folders:
            self._folders[folder] = (
                folder.name in ALWAYS_IGNORED
                or self._is_folder_ignored(folder.parent)
                or self._matches(folder, is_folder=True)
            )
        return self._folders[folder]

    def _matches(self, path: Path, *, is_folder: bool) -> bool:
        for folder in path.parents:
            if (spec := self._spec(folder)) is not None:
                name = path.relative_to(folder).as_posix()
                found = spec.check_file(f"{name}/" if is_folder else name).include
                if found is not None:
                    return found
            if folder == self._root:
                break
        return False

    def _spec(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            texts = [self._read_text(folder / name) or "" for name in RULE_FILES]
            self._specs[folder] = parse_rules(texts)
        return self._specs[folder]


def parse_rules(texts: Iterable[str]) -> GitIgnoreSpec | None:
    """Give the rules that stand in the texts of one folder's rule files, None if there are none."""
    # Git ends a rule at LF only; a CR before it is no part of the rule.
    lines = [line.removesuffix("\r") for text in texts for line in text.split("\n")]
    rules = list(islice((line for line in lines if _is_rule(line)), _MAX_RULES))
    return GitIgnoreSpec.from_lines(rules) if rules else None


def _is_rule(line: str) -> bool:
    """Tell whether a line is a rule that can be understood; git passes over the others, too.

    Named character classes such as `[[:digit:]]` are rules to git, but not to our library. Rules
    that could take minutes to match are passed over as well.
    """
    if not line or line.startswith("#") or "[[" in line or _is_costly(line):
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _is_costly(rule: str) -> bool:
    names = [_STARS.sub("*", name) for name in rule.split("/") if name != "**"]
    n_deep = sum(name == "**" for name in rule.split("/"))
    is_starry = any(name.count("*") > _MAX_STARS for name in names)
    return is_starry or n_deep > _MAX_DEEP_STARS or len(rule) > _MAX_RULE_CHARS
