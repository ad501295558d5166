"""Running the project's tests, with what failed in a form that can be worked on."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from mcp_tools.code.arguments import ToolInput
from mcp_tools.code.commands.arguments import MAX_TIMEOUT_S, CommandFolder, with_seconds
from mcp_tools.code.commands.plain import plain
from mcp_tools.code.commands.telling import Teller
from mcp_tools.code.testing.answering import Finished, RunTestsOutput, answer_of
from mcp_tools.code.testing.choosing import Chosen, choose, folder_of, targets_in
from mcp_tools.code.testing.outcome import Plan, Wish
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.contents import Binary
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import OutOfTime, ProgramFailed
from mcp_tools.workspace.changes import states_after

Target = Annotated[str, Field(max_length=4096)]
"""One name of what is to be tested."""


def _as_list(value: object) -> object:
    return value.split() if isinstance(value, str) else value


class RunTestsInput(ToolInput):
    """Which tests, and by what."""

    targets: Annotated[tuple[Target, ...], BeforeValidator(_as_list)] = Field(
        default=(),
        max_length=200,
        description="Files, folders, or tests by the runner's own names; empty for all",
        examples=[["tests/test_app.py::test_start"]],
        validation_alias=AliasChoices("targets", "target", "paths", "path", "files", "tests"),
    )
    keyword: str | None = Field(
        default=None,
        max_length=1000,
        pattern="^[^-]",
        description="Only tests whose name fits, as the runner understands it (pytest: -k)",
        validation_alias=AliasChoices("keyword", "filter", "pattern", "grep", "k"),
    )
    runner: str | None = Field(
        default=None,
        max_length=100,
        description="pytest, unittest, cargo, go or npm; without it, it is found out",
        validation_alias=AliasChoices("runner", "framework"),
    )
    cwd: CommandFolder = "."
    timeout_s: float = Field(
        default=600.0, ge=1, le=MAX_TIMEOUT_S, description="Seconds until it is ended"
    )

    _seconds = model_validator(mode="before")(with_seconds)


async def run_tests(context: ToolContext, arguments: RunTestsInput) -> Answer:
    """Run tests by the project's own runner; nothing that they write is kept.

    Raises: NotFound if there is no runner; OutsideWorkspace, InvalidEdit, ProgramFailed,
        CannotShow; ExpectedError if nothing may run here.
    """
    folder = context.resolve(arguments.cwd)
    chosen, plan = await asyncio.to_thread(_planned, context.snapshot, arguments, folder)
    command = ShellCommand(
        argv=plan.argv,
        cwd=chosen.project.folder,
        timeout_s=arguments.timeout_s,
        kept_paths=() if plan.report is None else (plan.report,),
    )
    result = await _run(context, command)
    report = _report(result, plan, context.snapshot)
    result = replace(result, output=plain(result.output))
    outcome = await asyncio.to_thread(plan.read, result, report)
    finished = Finished(chosen=chosen, plan=plan, result=result, outcome=outcome)
    return answer_of(context, finished)


def _planned(snapshot: SnapshotView, arguments: RunTestsInput, folder: Path) -> tuple[Chosen, Plan]:
    begin = folder
    if arguments.targets and arguments.cwd == ".":
        begin = folder_of(snapshot, arguments.targets[0], folder)
    chosen = choose(snapshot, begin, arguments.runner)
    targets = targets_in(chosen.project, arguments.targets, folder)
    wish = Wish(targets=targets, keyword=arguments.keyword or "")
    return chosen, chosen.runner.plan(chosen.project, wish)


async def _run(context: ToolContext, command: ShellCommand) -> CommandResult:
    teller = Teller(context.attendant)
    try:
        return await context.jobs.run(command, context.snapshot, teller.take)
    except OutOfTime as error:
        printed = plain(error.output).strip() or "nothing"
        raise ProgramFailed(
            f"the tests did not finish within {command.timeout_s:g} s and were ended; run fewer of "
            f"them, or give a larger timeout_s (at most {MAX_TIMEOUT_S}); they printed last:\n"
            f"{printed}"
        ) from error
    finally:
        teller.close()


def _report(result: CommandResult, plan: Plan, snapshot: SnapshotView) -> bytes | None:
    """Give what the runner wrote for us, which is the only change that came back."""
    states = states_after(result.changes, snapshot.state)
    state = None if plan.report is None else states.get(plan.report)
    match None if state is None else state.content:
        case str() as text:
            return text.encode("utf-8", "surrogatepass")
        case Binary(data=data):
            return data
        case _:
            return None


TOOL = Tool(
    name="run_tests",
    title="Run tests",
    description=(
        "Run the project's tests by its own runner (pytest, unittest, cargo, go, npm) over the "
        "text as it is now, held edits included. "
        "Returns how many passed, and for each failure its name, place, message and traceback."
    ),
    input_model=RunTestsInput,
    output_model=RunTestsOutput,
    run=run_tests,
    risk=Risk.HIGH,
    is_read_only=False,
    is_pure=False,
    is_idempotent=False,
    is_open_world=True,
    profiles=(Profile.EDIT,),
    # The limit of the run itself counts; this only has to be longer.
    timeout_s=MAX_TIMEOUT_S + 300.0,
)
