"""Commands can be denied before they run, whoever wants them."""

from pathlib import Path

import pytest

from lsp_agent.agent.events import Outcome
from lsp_agent.engine.protocol import Run
from lsp_agent.hooks.events import HookEvent
from mcp_tools.types.commands import ShellCommand
from mcp_tools.workspace.programs import shell_argv
from tests.lsp_agent.engine.hooking.watching import DENY, SHOWN, answering, watched
from tests.lsp_agent.engine.visits import ALLOW, Asked, visiting
from tests.support.sessions import finish_of, seated

pytestmark = pytest.mark.asyncio


async def test_a_person_s_command_can_be_denied(tmp_path: Path) -> None:
    with seated(tmp_path, ["Never."]) as seat:
        answering(seat.engine, HookEvent.COMMAND_STARTED, DENY)
        notes = watched(seat.engine)
        command = ShellCommand(argv=shell_argv("touch made"), cwd=seat.root)
        finished = finish_of(await seat.run(Run(command)))
        assert (finished.outcome, finished.text) == (
            Outcome.DENIED,
            f"the command was not run: {SHOWN}",
        )
        assert notes.of(HookEvent.COMMAND_ENDED) == []
        assert seat.held == set()


async def test_a_tool_s_command_can_be_denied_in_the_background_too(tmp_path: Path) -> None:
    with visiting(tmp_path) as visit:
        answering(visit.engine, HookEvent.COMMAND_STARTED, DENY)
        person = Asked(ALLOW)
        result = await visit.call("shell", person.attendant, command="touch made")
        assert result.is_denied
        assert SHOWN in result.text
        started = await visit.call("shell", person.attendant, command="touch made", background=True)
        assert started.data is not None
        seen = await visit.call("shell_output", job_id="job-1", wait_s=5)
        assert SHOWN in seen.text
        await visit.guest.close()
