"""A line is judged in the folder in which it would run."""

from pathlib import Path

import pytest

from lsp_agent.engine.judging import LineJudge
from lsp_agent.permissions.shell.disk_world import DiskWorld
from lsp_agent.sandbox.running import command_path
from mcp_tools.types.calls import Risk
from mcp_tools.types.demands import LineRun

pytestmark = pytest.mark.asyncio


@pytest.fixture
def judge(tmp_path: Path) -> LineJudge:
    """A judge of a folder that has a link out of it."""
    root = tmp_path / "project"
    (root / "inner").mkdir(parents=True)
    (root / "out").symlink_to("/usr")
    return LineJudge(root=root, world=DiskWorld(command_path()))


@pytest.mark.parametrize(
    ("cwd", "folder", "risk"),
    [
        (".", "", Risk.LOW),
        ("inner", "inner", Risk.LOW),
        ("inner/../inner/.", "inner", Risk.LOW),
        ("out/..", "", Risk.LOW),
        ("out", "/usr", Risk.HIGH),
        ("..", "..", Risk.HIGH),
        ("/etc", "/etc", Risk.HIGH),
    ],
)
async def test_the_folder_is_where_the_tool_would_run_it(
    judge: LineJudge, cwd: str, folder: str, risk: Risk
) -> None:
    run = LineRun(line="cat a.txt", cwd=cwd)
    assert judge.folder_of(run) == (judge.root / folder).resolve()
    assert (await judge.judge(run)).risk is risk


async def test_what_runs_is_judged_as_it_stands(judge: LineJudge) -> None:
    judgement = await judge.judge(LineRun(line="cat a.txt; rm -rf \u202e/", cwd="."))
    assert judgement.line == "cat a.txt; rm -rf \u202e/"
    assert judgement.risk is Risk.HIGH
