"""The bundled project: broken in as many ways as it is meant to be."""

from pathlib import Path

import pytest

from lsp_agent.demo.sample import copy_project, python_files, run_tests
from mcp_tools.code.diagnostics.diagnose import diagnose
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.programs import BundledPrograms

PLANTED = {
    "F401 `os` imported but unused",
    "F821 Undefined name `json`",
    "F821 Undefined name `Decimal`",
    "RUF027 Possible f-string without an `f` prefix",
    "B006 Do not use mutable data structures for argument defaults",
    "F821 Undefined name `quantiy`",
    "F821 Undefined name `self`",
    "F821 Undefined name `Item`",
    "E711 Comparison to `None` should be `cond is not None`",
    "F821 Undefined name `WIDHT`",
}
FOLLOWING = {"F841 Local variable `euros` is assigned to but never used"}
"""Goes away with the missing `f`."""


@pytest.mark.asyncio
async def test_the_project_has_the_planted_problems_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copy_project(folder)
    source = DiskSource(folder)
    found: set[str] = set()
    for path in python_files(source.root):
        document = source.read(path)
        problems = await diagnose(document, BundledPrograms(), root=source.root)
        found |= {f"{problem.code} {problem.message}" for problem in problems}
    assert found == PLANTED | FOLLOWING


def test_its_tests_are_red_and_leave_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copy_project(folder)
    files = sorted(folder.rglob("*"))
    run = run_tests(folder)
    assert (run.n_tests, run.is_green) == (9, False)
    assert run.summary.startswith("FAILED (")
    assert sorted(folder.rglob("*")) == files
    assert not [path for path in files if path.name == "__pycache__"]


def test_tests_that_cannot_run_are_not_green(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    assert not run_tests(tmp_path).is_green
