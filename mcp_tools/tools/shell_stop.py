"""Ending a command that runs in the background."""

from mcp_tools.code.arguments import ToolInput
from mcp_tools.code.commands.answering import CommandOutput, answer_of_job
from mcp_tools.code.commands.arguments import JobId
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


class ShellStopInput(ToolInput):
    """Which job."""

    job_id: JobId


async def shell_stop(context: ToolContext, arguments: ShellStopInput) -> Answer:
    """End a job, and give what it printed last.

    Raises: NotFound, naming the jobs there are.
    """
    return answer_of_job(context, await context.jobs.stop(arguments.job_id))


TOOL = Tool(
    name="shell_stop",
    title="Stop a job",
    description=(
        "End a background command of `shell` with all that it started. "
        "What it changed is not kept, unless it had ended by itself. "
        "Returns what it printed since the last look."
    ),
    input_model=ShellStopInput,
    output_model=CommandOutput,
    run=shell_stop,
    # It ends only what an allowed call of this session began, so nobody has to be asked.
    is_read_only=False,
    profiles=(Profile.EDIT,),
)
