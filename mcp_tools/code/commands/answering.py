"""What became of a command, as an answer."""

from pydantic import Field

from mcp_tools.code.arguments import ToolOutput
from mcp_tools.code.commands.plain import shortened
from mcp_tools.types.calls import Answer, ToolContext
from mcp_tools.types.commands import CommandResult
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, FileChange, SetContent
from mcp_tools.types.jobs import JobView

MAX_OUTPUT_CHARS = 30_000
MAX_NAMES = 50

_NEW = " (new)"


class CommandOutput(ToolOutput):
    """A command as it is now."""

    exit_code: int | None = Field(
        description="How it ended, negative for a signal; null while it runs, or if it was ended"
    )
    output: str = Field(description="What it printed, without colours; the middle may be left out")
    changed_files: tuple[str, ...] = Field(
        description="What it changed below the workspace root, held or applied like an edit; "
        "the first 50"
    )
    n_changed_files: int
    notes: tuple[str, ...] = Field(description="What was not kept or not covered, and why")
    job_id: str | None = Field(default=None, description="The job, if it is one")
    next_offset: int | None = Field(
        default=None, description="What a job prints next has this offset"
    )
    failure: str = Field(default="", description="Why a job did not end by itself")


def answer_of_run(context: ToolContext, result: CommandResult) -> Answer:
    """Answer with a command that ran to its end."""
    hint = "print less of it, for instance by `| tail` or `| grep`"
    output = shortened(result.output, MAX_OUTPUT_CHARS, hint=lambda _: hint)
    names = _changed_names(context, result.changes)
    data = CommandOutput(
        exit_code=result.exit_code,
        output=output,
        changed_files=names[:MAX_NAMES],
        n_changed_files=len(names),
        notes=result.notes,
    )
    return Answer(text=_text(_ending(data), data), data=data, changes=_kept(result.changes))


def answer_of_job(context: ToolContext, view: JobView) -> Answer:
    """Answer with a job; its changes are those that the view has."""
    output = shortened(
        view.output,
        MAX_OUTPUT_CHARS,
        hint=lambda n_head: f"read on with offset={view.offset + n_head}",
    )
    result = view.result
    names = () if result is None else _changed_names(context, result.changes)
    data = CommandOutput(
        exit_code=None if result is None else result.exit_code,
        output=output,
        changed_files=names[:MAX_NAMES],
        n_changed_files=len(names),
        notes=() if result is None else result.notes,
        job_id=view.id,
        next_offset=view.next_offset,
        failure=view.failure,
    )
    if data.failure:
        state = f"{view.id} ended: {data.failure}"
    elif result is None:
        state = f"{view.id} runs; shell_output gives what it prints next, shell_stop ends it"
    else:
        state = f"{view.id} ended: {_ending(data)}"
    changes = None if result is None else _kept(result.changes)
    return Answer(text=_text(state, data), data=data, changes=changes)


def _ending(data: CommandOutput) -> str:
    return f"exit code {data.exit_code}"


def _text(state: str, data: CommandOutput) -> str:
    lines = [state, data.output.rstrip("\n") or "(no output)"]
    if data.changed_files:
        n_more = data.n_changed_files - len(data.changed_files)
        more = f" and {n_more} more" if n_more else ""
        lines.append(f"[changed: {', '.join(data.changed_files)}{more}]")
    return "\n".join([*lines, *(f"[{note}]" for note in data.notes)])


def _kept(changes: ChangeSet) -> ChangeSet | None:
    return changes if changes.files else None


def _changed_names(context: ToolContext, changes: ChangeSet) -> tuple[str, ...]:
    """Give what changed, sorted; a new folder with anything in it goes without saying."""
    parents = {parent for file in changes.files for parent in file.path.parents}
    files = [file for file in changes.files if _kind(file) != _NEW or file.path not in parents]
    return tuple(sorted(f"{context.display(file.path)}{_kind(file)}" for file in files))


def _kind(file: FileChange) -> str:
    match file:
        case CreateFile() | SetContent(base=None):
            return _NEW
        case DeleteFile() | SetContent(content=None):
            return " (deleted)"
        case _:
            return ""
