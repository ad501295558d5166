"""Running a shell command where it sees the files as the session sees them."""

from pydantic import AliasChoices, Field, model_validator

from mcp_tools.code.arguments import ToolInput
from mcp_tools.code.commands.answering import CommandOutput, answer_of_job, answer_of_run
from mcp_tools.code.commands.arguments import (
    MAX_TIMEOUT_S,
    CommandFolder,
    CommandLine,
    with_seconds,
)
from mcp_tools.code.commands.plain import plain
from mcp_tools.code.commands.script import read_script
from mcp_tools.code.commands.telling import Teller
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext
from mcp_tools.types.commands import ShellCommand
from mcp_tools.types.demands import LineRun
from mcp_tools.types.errors import OutOfTime, ProgramFailed
from mcp_tools.workspace.programs import shell_argv, words_argv

FOREGROUND_TIMEOUT_S = 120.0
BACKGROUND_TIMEOUT_S = 24 * 3600.0
"""Of a job that nobody gave a limit: it ends with its session anyway."""

_FIRST_LOOK_S = 1.0
"""Long enough to see most of what fails at its start."""


class ShellInput(ToolInput):
    """What to run, where, and for how long."""

    command: CommandLine
    cwd: CommandFolder = "."
    timeout_s: float | None = Field(
        default=None,
        ge=1,
        le=MAX_TIMEOUT_S,
        description="Seconds until it is ended; 120 if not given, in the background no limit",
    )
    background: bool = Field(
        default=False,
        description="Return at once with a job; for servers, watchers and long builds",
        validation_alias=AliasChoices("background", "run_in_background", "is_background"),
    )
    description: str = Field(
        default="", max_length=1000, description="What it is for, in a few words, for the person"
    )

    _seconds = model_validator(mode="before")(with_seconds)


async def shell(context: ToolContext, arguments: ShellInput) -> Answer:
    """Run a command, or start it in the background.

    Raises: OutsideWorkspace, ProgramFailed, CannotShow; ExpectedError if nothing may run here.
    """
    usual = BACKGROUND_TIMEOUT_S if arguments.background else FOREGROUND_TIMEOUT_S
    command = ShellCommand(
        argv=_argv(arguments.command),
        cwd=context.resolve(arguments.cwd),
        timeout_s=arguments.timeout_s or usual,
    )
    if arguments.background:
        job = context.jobs.start(command, context.snapshot)
        view = await context.jobs.look(job.id, offset=0, wait_s=_FIRST_LOOK_S)
        return answer_of_job(context, view)
    teller = Teller(context.attendant)
    try:
        result = await context.jobs.run(command, context.snapshot, teller.take)
    except OutOfTime as error:
        raise ProgramFailed(_out_of_time(command, error)) from error
    finally:
        teller.close()
    return answer_of_run(context, result)


def _argv(line: str) -> tuple[str, ...]:
    """Give what runs a line; of one that is a single program its words, as they were judged."""
    words = read_script(line).argv
    return words_argv(words) if words else shell_argv(line)


def _demand(arguments: ShellInput) -> LineRun:
    return LineRun(line=arguments.command, cwd=arguments.cwd)


def _out_of_time(command: ShellCommand, error: OutOfTime) -> str:
    printed = plain(error.output).strip()
    last = f"it printed last:\n{printed}" if printed else "it printed nothing"
    return (
        f"the command did not finish within {command.timeout_s:g} s and was ended with all that "
        f"it started; nothing that it changed is kept; give a larger timeout_s (at most "
        f"{MAX_TIMEOUT_S}), or run it with background=true and look at it with shell_output; {last}"
    )


TOOL = Tool(
    name="shell",
    title="Run a command",
    description=(
        "Run a shell command in the workspace, for builds, scripts and programs; "
        "use grep, read_file and edit_file for files, and run_tests for tests. "
        "It sees unsaved text and held edits. What it writes below the root is held or applied "
        "like an edit, in .git nothing is kept. Elsewhere it cannot write, and it has no network, "
        "unless the result says that it ran without a sandbox. "
        "There is no input, and no state stays between calls."
    ),
    input_model=ShellInput,
    output_model=CommandOutput,
    run=shell,
    demand=_demand,
    risk=Risk.HIGH,
    is_read_only=False,
    is_pure=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    is_open_world=True,
    profiles=(Profile.EDIT,),
    # The limit of the command itself counts; this only has to be longer.
    timeout_s=MAX_TIMEOUT_S + 300.0,
)
