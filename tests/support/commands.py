"""A workspace whose commands really run, by the runner of the product, without its walls."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mcp_tools.types.attending import NOBODY, Progress
from mcp_tools.types.calls import Answer, Tool, ToolContext
from mcp_tools.types.json import JsonValue
from mcp_tools.workspace.jobs import JobLimits, SessionJobs
from tests.support.desk import Desk, desk_in
from tests.support.unwalled import unwalled_runner

LIMIT_S = 30.0
"""For one call, with all that it starts."""


@dataclass(frozen=True)
class CommandDesk:
    """A desk with the commands of one session."""

    desk: Desk
    jobs: SessionJobs
    reports: "asyncio.Queue[Progress]" = field(default_factory=lambda: asyncio.Queue[Progress]())
    """What calls have told of their progress."""

    @property
    def root(self) -> Path:
        """The root of the workspace."""
        return self.desk.root

    def context(self) -> ToolContext:
        """Give what a tool sees now."""
        attendant = replace(NOBODY, report=self.reports.put_nowait)
        return replace(self.desk.context(), commands=self.jobs, attendant=attendant)

    async def call(self, tool: Tool, **arguments: JsonValue) -> Answer:
        """Validate the arguments and run a tool."""
        validated = tool.input_model.model_validate(arguments)
        async with asyncio.timeout(LIMIT_S):
            return await tool.run(self.context(), validated)

    async def text(self, tool: Tool, **arguments: JsonValue) -> str:
        """Give the text of an answer."""
        return (await self.call(tool, **arguments)).text


@asynccontextmanager
async def command_desk(
    folder: Path, *, limits: JobLimits | None = None
) -> AsyncGenerator[CommandDesk]:
    """Set up a workspace in a folder; all commands end with it."""
    root = folder / "project"
    root.mkdir()
    jobs = SessionJobs(unwalled_runner(folder / "cache"), limits=limits)
    try:
        yield CommandDesk(desk=desk_in(root), jobs=jobs)
    finally:
        await jobs.close()
