"""Which files are not part of the project: the rules of .gitignore and .ignore files."""

from collections.abc import Callable
from pathlib import Path

from pathspec import GitIgnoreSpec

ReadText = Callable[[Path], str | None]
"""Gives the text of a file, None if there is none."""

RULE_FILES = (".gitignore", ".ignore")
ALWAYS_IGNORED = frozenset({".git"})


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
        """Tell whether a file or folder of the tree is left out."""
        if path == self._root:
            return False
        if path.name in ALWAYS_IGNORED:
            return True
        return self._is_folder_ignored(path.parent) or self._matches(path, is_dir=False)

    def _is_folder_ignored(self, folder: Path) -> bool:
        if folder == self._root:
            return False
        if folder not in self._folders:
            self._folders[folder] = (
                folder.name in ALWAYS_IGNORED
                or self._is_folder_ignored(folder.parent)
                or self._matches(folder, is_dir=True)
            )
        return self._folders[folder]

    def _matches(self, path: Path, *, is_dir: bool) -> bool:
        for folder in path.parents:
            if (spec := self._spec(folder)) is not None:
                name = path.relative_to(folder).as_posix()
                verdict = spec.check_file(f"{name}/" if is_dir else name).include
                if verdict is not None:
                    return verdict
            if folder == self._root:
                break
        return False

    def _spec(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            lines: list[str] = []
            for name in RULE_FILES:
                lines += (self._read_text(folder / name) or "").splitlines()
            self._specs[folder] = GitIgnoreSpec.from_lines(lines) if lines else None
        return self._specs[folder]
