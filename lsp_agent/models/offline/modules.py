"""How one file of a workspace imports another."""

from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

_SOURCE_ROOTS = ("", "src", "lib", "python")


def module_of(path: str, package_folders: AbstractSet[str]) -> str | None:
    """Give the dotted name that a file is imported by; None if no one name is sure.

    `package_folders` are the folders that hold an `__init__.py`, relative to the workspace root.
    """
    file = PurePosixPath(path)
    if file.suffix != ".py":
        return None
    parts = [] if file.stem == "__init__" else [file.stem]
    folder = file.parent
    while str(folder) in package_folders:
        parts.insert(0, folder.name)
        folder = folder.parent
    is_valid = bool(parts) and all(part.isidentifier() for part in parts)
    return ".".join(parts) if is_valid else None


def import_root(path: str, package_folders: AbstractSet[str]) -> str:
    """Give the folder that has to be on the import path for `module_of` to hold."""
    folder = PurePosixPath(path).parent
    while str(folder) in package_folders:
        folder = folder.parent
    return "" if str(folder) == "." else str(folder)


def sees(path: str, other: str, package_folders: AbstractSet[str]) -> bool:
    """Tell whether the file `path` can import the file `other` by its dotted name."""
    root = import_root(other, package_folders)
    return root in _SOURCE_ROOTS or root == import_root(path, package_folders)


def absolute(module: str, level: int, own_module: str, *, own_path: str) -> str | None:
    """Turn the target of a relative import in `own_module` into a dotted name."""
    if level == 0:
        return module
    parts = own_module.split(".")
    is_package = PurePosixPath(own_path).stem == "__init__"
    n_kept = len(parts) - level + (1 if is_package else 0)
    if n_kept < 1:
        return None
    return ".".join([*parts[:n_kept], *([module] if module else [])])


def relative(module: str, own_module: str, *, own_path: str) -> str | None:
    """Write a module of the same package as a relative one, such as `..base`."""
    target, own = module.split("."), own_module.split(".")
    package = own if PurePosixPath(own_path).stem == "__init__" else own[:-1]
    if not package or target[0] != package[0]:
        return None
    n_shared = 0
    while n_shared < min(len(target), len(package)) and target[n_shared] == package[n_shared]:
        n_shared += 1
    return "." * (len(package) - n_shared + 1) + ".".join(target[n_shared:])


def is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests, by the usual names."""
    file = PurePosixPath(path)
    folders = set(file.parts[:-1])
    is_named_so = file.stem.startswith("test_") or file.stem.endswith("_test")
    return is_named_so or file.stem == "conftest" or bool(folders & {"test", "tests", "testing"})
