"""Modules are found below the roots of the workspace, and behind it."""

from pathlib import Path

import pytest

from mcp_tools.resolution.modules import Modules, WorkspaceModules
from tests.support.codebases import codebase_of

FILES = (
    "app/__init__.py",
    "app/core.py",
    "app/sub/__init__.py",
    "app/sub/deep.py",
    "app/stubbed.py",
    "app/stubbed.pyi",
    "app/only.pyi",
    "json.py",
    "parts/left/tools.py",
    "projects/one/src/one/__init__.py",
    "projects/one/src/one/base.py",
    "projects/one/tests/test_one.py",
    "src/lib/__init__.py",
    "scripts/run.py",
    "scripts/near.py",
)

CASES = [
    ("app", "app/core.py", "app/__init__.py"),
    ("app.core", "scripts/run.py", "app/core.py"),
    ("app.sub.deep", "app/core.py", "app/sub/deep.py"),
    (".", "app/core.py", "app/__init__.py"),
    (".core", "app/__init__.py", "app/core.py"),
    (".sub", "app/core.py", "app/sub/__init__.py"),
    ("..core", "app/sub/deep.py", "app/core.py"),
    ("..", "app/sub/deep.py", "app/__init__.py"),
    (".deep", "app/sub/__init__.py", "app/sub/deep.py"),
    ("app.stubbed", "app/core.py", "app/stubbed.py"),
    ("app.only", "app/core.py", "app/only.pyi"),
    ("lib", "scripts/run.py", "src/lib/__init__.py"),
    ("near", "scripts/run.py", "scripts/near.py"),
    ("one.base", "projects/one/tests/test_one.py", "projects/one/src/one/base.py"),
    ("parts", "scripts/run.py", "parts/"),
    ("parts.left.tools", "scripts/run.py", "parts/left/tools.py"),
    ("app.missing", "app/core.py", None),
    ("missing", "app/core.py", None),
    ("...beyond", "app/core.py", None),
]


@pytest.fixture(name="modules", scope="module")
def _modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    codebase = codebase_of(dict.fromkeys(FILES, ""), tmp_path_factory.mktemp("modules"))
    return Modules(codebase, WorkspaceModules(codebase.files()))


@pytest.mark.parametrize(("name", "importer", "expected"), CASES)
def test_a_module_is_found(
    modules: Modules, name: str, importer: str, expected: str | None
) -> None:
    assert modules.find(name, importer) == expected


def test_the_standard_library_lies_outside(modules: Modules) -> None:
    found = modules.find("collections.abc", "app/core.py")
    assert found is not None
    assert Path(found).is_absolute()
    assert modules.name_of(found) == "collections.abc"


def test_a_standard_name_within_the_workspace_root_is_the_workspaces(modules: Modules) -> None:
    assert modules.find("json", "app/core.py") == "json.py"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("app/sub/deep.py", "app.sub.deep"),
        ("app/__init__.py", "app"),
        ("projects/one/src/one/base.py", "one.base"),
        ("scripts/run.py", "run"),
    ],
)
def test_a_file_has_the_name_that_its_root_gives(modules: Modules, file: str, name: str) -> None:
    assert modules.name_of(file) == name
