"""What a command would do, judged before it may run: the line exactly as it would run."""

import asyncio
import importlib
import os.path
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp_agent.permissions.shell.judgement import LineJudgement
from lsp_agent.permissions.shell.world import World
from mcp_tools.types.demands import LineRun


@dataclass(frozen=True, slots=True, kw_only=True)
class LineJudge:
    """Judges the shell lines of one workspace."""

    root: Path
    world: World

    async def judge(self, run: LineRun) -> LineJudgement:
        """Judge a line off the event loop; a long one takes a while."""
        return await asyncio.to_thread(self._judge, run)

    def folder_of(self, run: LineRun) -> Path:
        """Give the folder in which the line would run.

        Its name is taken as the tool takes it, and its links are followed as the system does.
        """
        return self.world.real(Path(os.path.normpath(self.root / run.cwd)))

    def _judge(self, run: LineRun) -> LineJudgement:
        # The checks are loaded with the first line: most sessions run none.
        judging: Any = importlib.import_module("lsp_agent.permissions.shell.judging")
        judged: LineJudgement = judging.judge_line(
            run.line, self.folder_of(run), self.root, self.world
        )
        return judged
