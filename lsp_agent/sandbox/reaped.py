"""Running a command such that nothing it started outlives it.

This is for where there is no namespace of processes that would see to it.
Where the system knows no foster parents of processes, only what stayed in the command's own group
ends with it.
"""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from lsp_agent.sandbox.reports import ended_by
from lsp_agent.sandbox.running import Ended, Job, run_job

_PROGRAM = Path(__file__).with_name("reap.py")
_ALONE = ("-I", "-S")
"""Our interpreter, with nothing from the environment or the user's folders."""


async def run_reaped(job: Job, report: Path) -> Ended:
    """Run to the end, and end all that it started, also what left its group.

    `report` is a file of ours that is not there yet.
    Raises: ProgramFailed.
    """
    if sys.platform != "linux":
        return await run_job(job)
    program = (sys.executable, *_ALONE, str(_PROGRAM), str(os.getpid()), str(report))
    watched = replace(job, argv=(*program, *job.argv), ends_all_on_request=True)
    ended = await run_job(watched)
    told = await asyncio.to_thread(_read, report)
    return ended_by(told, job.name, ended)


def _read(report: Path) -> bytes:
    try:
        return report.read_bytes()
    except OSError:
        return b""
