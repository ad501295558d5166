"""Show what tools did and what was allowed, or check that nothing of it was changed."""

import argparse
import json
from collections.abc import Sequence
from datetime import datetime

from lsp_agent.app import audit_folder
from lsp_agent.audit.chain import Line, opened
from lsp_agent.audit.log import AuditLog
from lsp_agent.cli.arguments import workspace_of
from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.config.settings import SettingsError
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.json import JsonValue

SCHEMA = 1
SHOWN = 50
EPILOG = """\
The log is chained: `verify` finds a line that was changed, removed or put in. It has the digests
of what tools were given, not the arguments themselves, since there may be secrets in them.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and options."""
    parser.epilog = EPILOG
    parser.add_argument("action", choices=("show", "verify"), help="what to do with the log")
    parser.add_argument(
        "-n", metavar="N", type=int, default=SHOWN, help="lines to show (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it; the exit code of `verify` says whether the log is whole.

    Raises: UsageError, CommandFailed.
    """
    root = workspace_of(arguments.root)
    try:
        texts, found = AuditLog(audit_folder(root)).check()
    except SettingsError as error:
        raise UsageError(str(error)) from error
    except (ExpectedError, OSError) as error:
        raise CommandFailed(f"the audit log cannot be read: {error}") from error
    if arguments.action == "show":
        _show(texts[-max(0, arguments.n) :] if arguments.n > 0 else [], is_json=arguments.json)
        return ExitCode.DONE
    if arguments.json:
        problems = [{"line": item.line, "reason": item.reason} for item in found]
        report = {"schema": SCHEMA, "n_lines": len(texts), "is_whole": not found}
        print(json.dumps({**report, "problems": problems}))
    else:
        for item in found:
            print(f"line {item.line}: {item.reason}" if item.line else item.reason)
        print(_verdict(texts, n_found=len(found)))
    return ExitCode.NOT_SOLVED if found else ExitCode.DONE


def _verdict(texts: Sequence[str], *, n_found: int) -> str:
    if n_found:
        return f"The log is not whole: {n_found} of its places do not fit, in {len(texts)} lines."
    if not texts:
        return "Nothing has been written down yet."
    first = opened(texts[0])
    older = f", from line {first.number} on" if first is not None and first.number > 1 else ""
    return f"The log is whole: {len(texts)} lines{older}."


def _show(texts: Sequence[str], *, is_json: bool) -> None:
    lines = [opened(text) for text in texts]
    if is_json:
        shown = [None if line is None else line.fields for line in lines]
        print(json.dumps({"schema": SCHEMA, "lines": shown}))
        return
    for line in lines:
        print("(a line that was changed; see `lsp-agent audit verify`)" if not line else _row(line))


def _row(line: Line) -> str:
    """Give a line as a person reads it."""
    fields = line.fields
    at = _text(fields.get("at"))
    moment = f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}" if at else ""
    tool, who = _text(fields.get("tool")), _text(fields.get("who"))
    match fields.get("kind"):
        case "ruling":
            what = f"{fields.get('verdict')} {fields.get('about')}: {_text(fields.get('reason'))}"
        case "call":
            what = _text(fields.get("outcome"))
            if fields.get("edit") not in (None, "none"):
                what += f", edit {fields.get('edit')}: {_paths(fields.get('paths'))}"
        case "cut_off":
            what = f"cut off, since {_text(fields.get('reason'))}"
        case kind:
            what = f"{kind} {fields.get('n_events') or fields.get('n_torn_bytes') or ''}"
    return _printable(f"{line.number}  {moment}  {who}  {tool}  {what}")


def _paths(paths: JsonValue) -> str:
    return ", ".join(_text(path) for path in paths) if isinstance(paths, list) else ""


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _printable(text: str) -> str:
    """Show what a terminal would obey, or hide, as an escape."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


COMMAND = CliCommand(
    name="audit",
    summary="show what tools did and what was allowed, or check that nothing of it was changed",
    add_arguments=add_arguments,
    run=run,
)
