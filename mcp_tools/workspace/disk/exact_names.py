"""What is at a path by its exact name, also where the file system takes `A` for `a`.

There, a file is found by names that it does not have. That matters when one change speaks of
two such names, as the rename of `readme.md` to `README.md` does.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mcp_tools.ports import Source
from mcp_tools.types.contents import State
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.changes import ReadState


def exact_reader(source: Source, paths: Iterable[Path]) -> ReadState:
    """Give a function that reads what is at a path, and tells twins among `paths` apart.

    Only they are looked up in the list of their folder, which costs time in a large one.
    """
    wanted = set(paths)
    counts = Counter(folded(path) for path in wanted)
    twins = {path for path in wanted if counts[folded(path)] > 1}

    def read(path: Path) -> State | None:
        state = source.state(path)
        if state is None or path not in twins or _is_exact(source, path):
            return state
        return None

    return read


def folded(path: Path) -> str:
    """Give a form that all names have in common which some file system takes for one."""
    return unicodedata.normalize("NFC", str(path).casefold())


def _is_exact(source: Source, path: Path) -> bool:
    below = [path, *(folder for folder in path.parents if source.root in folder.parents)]
    return all(_is_listed(source, part) for part in below)


def _is_listed(source: Source, path: Path) -> bool:
    try:
        entries = source.entries(path.parent)
    except ExpectedError:
        return False
    return any(entry.path.name == path.name for entry in entries)
