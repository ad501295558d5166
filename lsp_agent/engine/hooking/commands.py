"""Hooks around the commands that a session runs, for its tools and for its person."""

import shlex
from dataclasses import dataclass

from lsp_agent.engine.hooking.session_hooks import SessionHooks, denial_of, shortened_end
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.payloads import CommandEnded, CommandStarted
from mcp_tools.ports import Runner
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import Denied
from mcp_tools.types.jobs import OnOutput
from mcp_tools.workspace.programs import shell_argv


@dataclass(frozen=True, slots=True, kw_only=True)
class HookedRunner:
    """Runs as another runner, and fires an event before and after; implements Runner."""

    runner: Runner
    session: SessionHooks

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run to the end.

        Raises: Denied if a hook denies it; ProgramFailed, CannotShow.
        """
        line, cwd = _line(command), str(command.cwd)
        heard = await self.session.fire(
            HookEvent.COMMAND_STARTED,
            lambda: CommandStarted(line=line, argv=command.argv, cwd=cwd),
        )
        if denial := denial_of(heard):
            raise Denied(f"the command was not run: {denial}")
        result = await self.runner.run(command, snapshot, on_output)
        await self.session.fire(
            HookEvent.COMMAND_ENDED,
            lambda: CommandEnded(
                line=line,
                argv=command.argv,
                cwd=cwd,
                exit_code=result.exit_code,
                output=shortened_end(result.output),
            ),
        )
        return result


def _line(command: ShellCommand) -> str:
    """Give the line that the shell reads; of any other command its words, as they are typed."""
    *_, last = command.argv
    return last if command.argv == shell_argv(last) else shlex.join(command.argv)
