"""Say what works here, and how to mend what does not; nothing is contacted."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from rich.text import Text

from lsp_agent.cli.checks import Check, State, all_checks
from lsp_agent.cli.client_checks import client_checks
from lsp_agent.cli.command import CliCommand
from lsp_agent.cli.editors import EDITORS
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.terminal import Screen
from lsp_agent.cli.trust_check import trust_check

SCHEMA = 1
_MARKS = {
    State.OK: ("ok", "green"),
    State.NOTE: ("note", "yellow"),
    State.BROKEN: ("broken", "bold red"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Check, print what was found, and give 1 if something is broken that is needed."""
    checks = asyncio.run(_everything())
    exit_code = ExitCode.DONE
    if any(check.state is State.BROKEN for check in checks):
        exit_code = ExitCode.NOT_SOLVED
    if arguments.json:
        print(json.dumps(_as_json(checks, exit_code)))
    else:
        _show(checks)
    return exit_code


async def _everything() -> Sequence[Check]:
    return [*await all_checks(), trust_check(), *await client_checks()]


def _as_json(checks: Sequence[Check], exit_code: ExitCode) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "ok": exit_code is ExitCode.DONE,
        "exit_code": exit_code.value,
        "checks": [
            {"name": c.name, "state": c.state.value, "detail": c.detail, "advice": c.advice}
            for c in checks
        ],
    }


def _show(checks: Sequence[Check]) -> None:
    console = Screen(file=sys.stdout, highlight=False, soft_wrap=True)
    width = max(len(check.name) for check in checks)
    for check in checks:
        word, style = _MARKS[check.state]
        console.print(Text(f"{word:6}", style=style), Text(f"{check.name:{width}}  {check.detail}"))
        if check.advice:
            console.print(Text(f"{'':6} {'':{width}}  {check.advice}", style=style))
    found = {check.name for check in checks if check.is_found_editor}
    for editor in EDITORS:
        if editor.name in found:
            console.print(Text(f"\n{editor.name}: {editor.where}\n", style="bold"))
            console.print(Text(editor.lines), end="")


COMMAND = CliCommand(
    name="doctor",
    summary="say what works here, and how to mend what does not",
    add_arguments=add_arguments,
    run=run,
)
