"""Where modules of the standard library and of installed packages lie.

Stubs of the standard library come with this program. Installed packages are those of the
virtual environment in the workspace's folder, or of the one that the caller names; no Python is
run to find out.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

_ENVIRONMENTS = (".venv", "venv")
_SUFFIXES = (".pyi", ".py")
_STUBS = "-stubs"


class Outside:
    """Modules outside of one workspace. What was found once is remembered."""

    def __init__(self, root: Path, virtual_env: Path | None = None) -> None:
        """Look for packages in `virtual_env`, and in the root's own environment before it."""
        self._root = root
        self._virtual_env = virtual_env
        self._found: dict[str, str | None] = {}

    def module(self, name: str) -> str | None:
        """Give the file of a module by its full name, a stub rather than a source."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def has(self, file: str) -> bool:
        """Tell whether a file lies in one of the folders that modules are looked for in."""
        has_detour = ".." in file.split("/")
        return not has_detour and any(file.startswith(f"{folder}/") for folder in self._folders)

    @cached_property
    def _folders(self) -> Sequence[str]:
        return (*_standard_library(), *self._site_packages())

    def _site_packages(self) -> list[str]:
        own = [path for name in _ENVIRONMENTS for path in _packages_in(self._root / name)]
        # A link could make any folder of the user's a part of a repository.
        found = [path for path in own if _is_without_links(self._root, path)]
        if self._virtual_env is not None:
            found += _packages_in(self._virtual_env)
        return [str(path) for path in found]

    def _find(self, name: str) -> str | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for folder in self._folders:
            stubs = f"{folder}/{parts[0]}{_STUBS}"
            tails = ("/".join([stubs, *parts[1:]]), "/".join([folder, *parts]))
            for tail in tails:
                found = _source_at(tail)
                if found is not None and self._stays_in(found, folder):
                    return found
        return None

    def _stays_in(self, file: str, folder: str) -> bool:
        return os.path.realpath(file).startswith(f"{os.path.realpath(folder)}/")


def _packages_in(environment: Path) -> list[Path]:
    patterns = ("lib/python3*/site-packages", "Lib/site-packages")
    found = [path for p in patterns for path in sorted(environment.glob(p), reverse=True)]
    return [path for path in found if path.is_dir()]


def _is_without_links(root: Path, path: Path) -> bool:
    real_root = os.path.realpath(root)
    return os.path.realpath(path) == os.path.join(real_root, path.relative_to(root))


def _source_at(base: str) -> str | None:
    for suffix in _SUFFIXES:
        for candidate in (f"{base}/__init__{suffix}", f"{base}{suffix}"):
            if os.path.isfile(candidate):
                return candidate
    return None


def _standard_library() -> list[str]:
    """Give the folder of the stubs that come with this program; found without importing it."""
    spec = find_spec("typeshed_client")
    if spec is None or spec.origin is None:
        return []
    return [str(Path(spec.origin).parent / "typeshed")]
