"""Which runner a folder uses, and which tests of it are meant."""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mcp_tools.code.testing import runners
from mcp_tools.code.testing.outcome import SuiteRunner
from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import ExpectedError, InvalidEdit, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A runner, and the project that it is to run in."""

    runner: SuiteRunner
    project: ProjectFolder
    reason: str
    """What in the project shows that it uses this runner."""


@cache
def known_runners() -> tuple[SuiteRunner, ...]:
    """Give all runners, in the order in which they are tried."""
    names = [module.name for module in pkgutil.iter_modules(runners.__path__)]
    modules = [importlib.import_module(f"{runners.__name__}.{name}") for name in names]
    found: list[SuiteRunner] = [module.RUNNER for module in modules]
    return tuple(sorted(found, key=lambda runner: runner.rank))


def choose(snapshot: SnapshotView, folder: Path, name: str | None) -> Chosen:
    """Find the runner for a folder, or for the next project around it; it reads files.

    If a runner is named, it is taken, whether the folder seems to use it or not.
    Raises: NotFound, which says where there might be tests; InvalidEdit for an unknown name.
    """
    if name is not None:
        return _named(snapshot, folder, name)
    for project in _projects(snapshot, folder):
        for runner in known_runners():
            if reason := runner.find(project):
                return Chosen(runner=runner, project=project, reason=reason)
    raise NotFound(_not_found(ProjectFolder(snapshot, folder)))


def targets_in(project: ProjectFolder, targets: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Give targets such that paths in them are relative to the project.

    A path is taken from `folder`, or else from the root. What is no path stays as it is.
    Raises: InvalidEdit if one looks like an option; NotFound if it lies in another project.
    """
    return tuple(_target_in(project, target, folder) for target in targets)


def folder_of(snapshot: SnapshotView, target: str, folder: Path) -> Path:
    """Give the folder that a target lies in; `folder` if it is no path."""
    path = _path_of(snapshot, target.partition("::")[0], folder)
    if path is None:
        return folder
    return path if _is_folder(snapshot, path) else path.parent


def _named(snapshot: SnapshotView, folder: Path, name: str) -> Chosen:
    found = [runner for runner in known_runners() if runner.name == name]
    if not found:
        names = ", ".join(runner.name for runner in known_runners())
        raise InvalidEdit(f"there is no test runner {name!r}; the runners are: {names}")
    projects = list(_projects(snapshot, folder))
    project = next((each for each in projects if found[0].find(each)), projects[0])
    return Chosen(runner=found[0], project=project, reason="it was asked for")


def _projects(snapshot: SnapshotView, folder: Path) -> Iterator[ProjectFolder]:
    """Give the projects around a folder, the innermost first; the root is always one."""
    for each in (folder, *folder.parents):
        project = ProjectFolder(snapshot, each)
        if each == snapshot.root:
            yield project
            return
        if project.is_project():
            yield project


def _not_found(project: ProjectFolder) -> str:
    inner = [
        name
        for name in project.folders()
        if ProjectFolder(project.snapshot, project.folder / name).is_project()
    ]
    hint = f"; there are projects in {', '.join(inner)}: pass one as cwd" if inner else ""
    names = ", ".join(runner.name for runner in known_runners())
    return f"no test runner was found (looked for: {names}){hint}; or run the tests by shell"


def _target_in(project: ProjectFolder, target: str, folder: Path) -> str:
    if target.startswith("-"):
        raise InvalidEdit(f"expected a path or the name of a test as target, got {target!r}")
    name, separator, rest = target.partition("::")
    path = _path_of(project.snapshot, name, folder)
    if path is None:
        return target
    if path != project.folder and project.folder not in path.parents:
        raise NotFound(
            f"{target!r} is not in the project {str(project.folder)!r}; ask for it alone, or pass "
            "its folder as cwd"
        )
    return f"{path.relative_to(project.folder).as_posix()}{separator}{rest}"


def _path_of(snapshot: SnapshotView, name: str, folder: Path) -> Path | None:
    for base in (folder, snapshot.root):
        try:
            path = snapshot.resolve(base / name)
        except ExpectedError:
            continue
        if _is_folder(snapshot, path) or snapshot.exists(path):
            return path
    return None


def _is_folder(snapshot: SnapshotView, path: Path) -> bool:
    try:
        snapshot.entries(path)
    except ExpectedError:
        return False
    return True
