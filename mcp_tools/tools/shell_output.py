"""Looking at a command that runs in the background."""

from pydantic import Field

from mcp_tools.code.arguments import ToolInput
from mcp_tools.code.commands.answering import CommandOutput, answer_of_job
from mcp_tools.code.commands.arguments import JobId
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

MAX_WAIT_S = 300


class ShellOutputInput(ToolInput):
    """Which job, and from where."""

    job_id: JobId
    offset: int | None = Field(
        default=None,
        ge=0,
        le=10**12,
        description="Where to begin, in characters; without it, after the last look",
    )
    wait_s: float = Field(
        default=5.0,
        ge=0,
        le=MAX_WAIT_S,
        description="Seconds to wait for more output, or for the end",
    )


async def shell_output(context: ToolContext, arguments: ShellOutputInput) -> Answer:
    """Give what a job printed, and what it changed if it has ended.

    Raises: NotFound, naming the jobs there are.
    """
    view = await context.jobs.look(
        arguments.job_id, offset=arguments.offset, wait_s=arguments.wait_s
    )
    return answer_of_job(context, view)


TOOL = Tool(
    name="shell_output",
    title="Look at a job",
    description=(
        "Give what a background command of `shell` has printed since the last look; "
        "waits for more, so do not call it in a tight loop. "
        "When the job has ended: its exit code, and once what it changed."
    ),
    input_model=ShellOutputInput,
    output_model=CommandOutput,
    run=shell_output,
    is_read_only=False,
    is_idempotent=False,
    profiles=(Profile.EDIT,),
    timeout_s=MAX_WAIT_S + 60.0,
)
