"""Protected files that are edited all day: which changes of them let nothing run.

Each has a list of what is known to be harmless; a change of anything else is asked about, and
so is one that cannot be read with certainty.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

_Tree: TypeAlias = Mapping[str, object]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PACKAGE_JSON = _names(
    """
    name version description keywords homepage bugs license author contributors maintainers
    funding repository private files types typings sideEffects browserslist
    dependencies devDependencies peerDependencies peerDependenciesMeta optionalDependencies
    """
)
"""What dependencies run, they run at `npm install`, which is a command of its own."""

_PYPROJECT_TOML = _names(
    """
    project.name project.version project.description project.readme project.license
    project.license-files project.authors project.maintainers project.keywords project.classifiers
    project.urls project.requires-python project.dependencies project.optional-dependencies
    dependency-groups tool.ruff tool.black
    """
)
"""Tools that load plug-ins, entry points and the build system are not among them."""


def is_harmless(name: str, before: str, after: str) -> bool:
    """Whether a change of the file of this name lets nothing run that did not before.

    An empty text stands for a file that is not there.
    """
    if name not in _READERS:
        return False
    read, harmless = _READERS[name]
    try:
        old, new = read(before), read(after)
    except (ValueError, RecursionError):
        return False
    missing = object()
    changed = {
        key for key in old.keys() | new.keys() if old.get(key, missing) != new.get(key, missing)
    }
    return changed <= harmless


def _package(text: str) -> _Tree:
    """Give the values by key; a key that comes twice is read by each program as it likes."""
    found: object = json.loads(text or "{}", object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise ValueError("expected an object")
    return cast(_Tree, found)


def _once(pairs: list[tuple[str, object]]) -> _Tree:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _pyproject(text: str) -> _Tree:
    """Give the values by key, those of `project` and `tool` by two."""
    found: dict[str, object] = {}
    for key, value in tomllib.loads(text).items():
        if key in ("project", "tool") and isinstance(value, dict):
            found |= {f"{key}.{each}": below for each, below in cast(_Tree, value).items()}
        else:
            found[key] = value
    return found


_READERS: Mapping[str, tuple[Callable[[str], _Tree], frozenset[str]]] = {
    "package.json": (_package, _PACKAGE_JSON),
    "pyproject.toml": (_pyproject, _PYPROJECT_TOML),
}
