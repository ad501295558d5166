"""The tool shell_stop."""

import asyncio
from pathlib import Path

import pytest

from mcp_tools.tools.shell import TOOL as SHELL
from mcp_tools.tools.shell_stop import TOOL
from mcp_tools.types.errors import NotFound
from tests.lsp_agent.sandbox.views import Signal
from tests.support.commands import command_desk

pytestmark = pytest.mark.asyncio


async def test_a_job_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    alive = Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    async with command_desk(tmp_path) as desk:
        line = f"exec 9> {alive.path}; setsid sleep 1000 & echo up; sleep 1000"
        await desk.call(SHELL, command=line, background=True)
        text = await desk.text(TOOL, shell_id="job-1")
        assert text.startswith("job-1 ended: it was stopped, and nothing that it changed is kept")
        assert await waiting == ""


async def test_a_job_that_had_ended_is_only_looked_at(tmp_path: Path) -> None:
    async with command_desk(tmp_path) as desk:
        await desk.call(SHELL, command="echo x > made; exit 4", background=True)
        while (await desk.jobs.look("job-1", offset=None, wait_s=20)).result is None:
            pass
        assert await desk.text(TOOL, job_id="job-1") == "job-1 ended: exit code 4\n(no output)"


async def test_an_unknown_job_is_an_error(tmp_path: Path) -> None:
    async with command_desk(tmp_path) as desk:
        with pytest.raises(NotFound, match="no job 'x'"):
            await desk.call(TOOL, job_id="x")
