"""The formatted text of a document."""

import re

from mcp_tools.code.formatting.formatters import Formatter, formatter_of
from mcp_tools.code.mirror import mirrored
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import InvalidEdit, OutsideWorkspace, ProgramFailed
from mcp_tools.types.programs import Command, Completed

PYTHON = frozenset({".py", ".pyi", ".pyw"})

_PARSE_ERROR = re.compile(r"Failed to parse .*?:(\d+:\d+: .+)")
_CAUSES = re.compile(r"Cause: (.+)")
_LAST_CAUSE = re.compile(r".*Cause: (.+)", re.DOTALL)
_SETTINGS = re.compile(r"Cause: Failed to parse (.+)")
_MAX_REASON_CHARS = 500


async def formatted(context: ToolContext, document: Document) -> str:
    """Give a document's text as the formatter of its language writes it.

    Raises: InvalidEdit if there is no formatter for it, or it has a syntax error; Denied for a
        formatter other than our own where the workspace is not trusted; ProgramFailed.
    """
    if document.path.suffix in PYTHON:
        argv = ("ruff", "format", "--no-cache", "--no-force-exclude")
        return await run_ruff(context, document, argv)
    formatter = formatter_of(document.path)
    if formatter is None:
        raise InvalidEdit(
            f"there is no formatter for {document.path.suffix or 'such'} files; format "
            f"{context.display(document.path)!r} with edit_file, or with the project's own command"
        )
    context.check_trusted(f"{formatter.program} formats")
    return await _run(context, document, formatter)


async def run_ruff(context: ToolContext, document: Document, argv: tuple[str, ...]) -> str:
    """Give what ruff makes of a document's text, by the project's settings.

    Raises: InvalidEdit for a syntax error; ProgramFailed, also if the settings cannot be used.
    """
    name = context.display(document.path)
    command = Command(
        argv=(*argv, f"--stdin-filename={name}", "-"), cwd=context.root, stdin=document.text
    )
    completed = await context.programs.run(command)
    if not completed.exit_code:
        return completed.stdout
    if match := _PARSE_ERROR.search(completed.stderr):
        raise syntax_error(name, match[1])
    reason = _settings_problem(context, completed)
    raise ProgramFailed(f"ruff could not do it, correct the project's settings of ruff: {reason}")


def _settings_problem(context: ToolContext, completed: Completed) -> str:
    """Say what is wrong with ruff's settings.

    Ruff shows lines of them. They can be a link, or extend any file of the user's, so lines are
    told only of files that lie in the workspace.
    """
    causes = _CAUSES.findall(completed.stderr)
    if not causes:
        return _reason(completed)
    read = _SETTINGS.findall(completed.stderr)
    try:
        context.resolve(read[-1] if read else "")
    except OutsideWorkspace:
        return ": ".join(causes[-2:])
    match = _LAST_CAUSE.search(completed.stderr)
    return " ".join(match[1].split()) if match else causes[-1]


def syntax_error(name: str, reason: str) -> InvalidEdit:
    """Give the refusal of a text that cannot be parsed."""
    return InvalidEdit(f"{name!r} has a syntax error at {reason}; repair it first")


async def _run(context: ToolContext, document: Document, formatter: Formatter) -> str:
    settings = tuple(
        folder / name
        for folder in document.path.parents
        if folder == context.root or context.root in folder.parents
        for name in formatter.settings
        if context.snapshot.exists(folder / name)
    )
    # In an empty folder: a repository's rust-toolchain file, for one, could name a program.
    async with mirrored(context.root, ()) as folder:
        command = Command(
            argv=(formatter.program, *formatter.arguments(document.path, settings)),
            cwd=folder,
            stdin=document.text,
            not_below=context.root,
        )
        completed = await context.programs.run(command)
    if completed.exit_code:
        name = context.display(document.path)
        raise InvalidEdit(
            f"{formatter.program} cannot format {name!r}; repair what it says: {_reason(completed)}"
        )
    return completed.stdout


def _reason(completed: Completed) -> str:
    said = (completed.stderr.strip() or completed.stdout.strip())[:_MAX_REASON_CHARS]
    return said or f"it ended with {completed.exit_code}"
