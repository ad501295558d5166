"""The tool shell_output."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from mcp_tools.code.commands.answering import CommandOutput
from mcp_tools.tools.shell import TOOL as SHELL
from mcp_tools.tools.shell_output import TOOL
from mcp_tools.types.errors import NotFound
from tests.lsp_agent.sandbox.views import Signal
from tests.support.commands import CommandDesk, command_desk
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[CommandDesk]:
    async with command_desk(tmp_path) as desk:
        yield desk


async def test_what_came_since_the_last_look_is_given(desk: CommandDesk, tmp_path: Path) -> None:
    go = Signal(tmp_path / "go")
    line = f"echo one; read x < {go.path}; echo two; echo x > made; exit 2"
    await desk.call(SHELL, command=line, background=True)
    go.send()
    answer = await desk.call(TOOL, job_id="job-1", wait_s=20)
    while data_of(answer, CommandOutput).exit_code is None:
        answer = await desk.call(TOOL, job_id="job-1", offset=4, wait_s=20)
    assert answer.text == "job-1 ended: exit code 2\ntwo\n[changed: made (new)]"
    assert desk.desk.text_after(answer, "made") == "x\n"
    again = await desk.call(TOOL, bash_id="job-1", offset=0)
    assert (again.text, again.changes) == ("job-1 ended: exit code 2\none\ntwo", None)
    go.close()


async def test_without_news_it_says_that_it_runs(desk: CommandDesk) -> None:
    await desk.call(SHELL, command="echo up; sleep 1000", background=True)
    text = await desk.text(TOOL, job_id="job-1", wait_s=0)
    assert text.startswith("job-1 runs; ")
    assert text.endswith("\n(no output)")


async def test_a_flood_says_where_to_read_on(desk: CommandDesk) -> None:
    await desk.call(SHELL, command="seq -w 20000", background=True)
    answer = await desk.call(TOOL, job_id="job-1", offset=0, wait_s=20)
    text = answer.text
    _, _, hint = text.partition("read on with offset=")
    offset = int(hint.partition(" ")[0])
    assert text[: text.index("\n[... ")].endswith(f"{offset // 6:05}")
    more = await desk.text(TOOL, job_id="job-1", offset=offset, wait_s=0)
    assert f"\n{offset // 6 + 1:05}\n" in more
    assert len(text) < TOOL.max_text_chars


async def test_an_unknown_job_is_an_error_that_names_the_others(desk: CommandDesk) -> None:
    with pytest.raises(NotFound, match="no job 'job-9'; the jobs of this session are: none"):
        await desk.call(TOOL, job_id="job-9")
