"""Show what the shell gate makes of a command, without running it."""

import argparse
import asyncio
import json
import os
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lsp_agent.app import rule_book, trust_store
from lsp_agent.cli.arguments import add_trust_argument, settings_of, workspace_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.gate_view import Verdict, explanation, report, short_report
from lsp_agent.config.settings import SettingsError, cache_folder
from lsp_agent.engine.judging import LineJudge
from lsp_agent.engine.standing import Sources, Standing
from lsp_agent.permissions.decision import decide
from lsp_agent.permissions.levels import Level
from lsp_agent.permissions.policy import Policy
from lsp_agent.permissions.shell.disk_world import DiskWorld
from lsp_agent.permissions.shell.judging import judge_line
from lsp_agent.sandbox.runner import make_runner
from lsp_agent.sandbox.running import command_path
from mcp_tools.tools.shell import TOOL
from mcp_tools.types.calls import CallEffect, ToolCall
from mcp_tools.types.demands import LineRun
from mcp_tools.types.json import JsonObject

MAX_INPUT_CHARS = 1_000_000
EPILOG = """\
explain shows the commands in a line, what each check found, and what is decided about it, by your
level, rules and trust. `gate explain -- 'LINE'` takes a line for the shell, of several words it
makes one. `gate check --jsonl` reads one JSON object a line from stdin: {"id": ..., "command":
"...", "cwd": "..."}, where `cwd` may be left out, and writes one for each: {"id", "decision",
"risk", "checks", "reason"}, or {"id", "error"}. Nothing is run.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    """What decides about lines in one workspace."""

    judge: LineJudge
    policy: Policy

    def verdict(self, line: str, cwd: str) -> Verdict:
        run = LineRun(line=line, cwd=cwd)
        judge = self.judge
        judgement = judge_line(line, judge.folder_of(run), judge.root, judge.world)
        call = ToolCall(id="gate", name=TOOL.name, arguments={"command": line, "cwd": cwd})
        effect = CallEffect(tool=TOOL, call=call, demand=run)
        decision = decide(effect, judge.root, self.policy, judgement)
        return Verdict(judgement=judgement, decision=decision, policy=self.policy)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and their options."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", metavar="explain|check", required=True)
    explain = actions.add_parser("explain", help="show what is found in a command, and decided")
    explain.usage = f"{explain.prog} [--cwd DIR] [--json] [--level L] [--trust] -- COMMAND ..."
    explain.add_argument("--cwd", metavar="DIR", default=".", help="the folder, from the root")
    explain.add_argument("--json", action="store_true", help="print one JSON object")
    check = actions.add_parser("check", help="decide about many commands, from stdin")
    check.add_argument(
        "--jsonl", action="store_true", required=True, help="read and print JSON, line by line"
    )
    for action in (explain, check):
        action.add_argument("--level", choices=[*map(str, Level)], help="instead of yours")
        action.add_argument(
            "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
        )
        add_trust_argument(action)
    explain.add_argument(
        "command", metavar="COMMAND", nargs=argparse.REMAINDER, help="a line, or its words"
    )


def run(arguments: argparse.Namespace) -> int:
    """Explain a command, or check a stream of them.

    Raises: UsageError.
    """
    if arguments.action == "check":
        _check(_gate(arguments), sys.stdin)
        return ExitCode.DONE
    words: list[str] = arguments.command
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        raise UsageError("expected a command after `--`, got none")
    verdict = _gate(arguments).verdict(_line(words), arguments.cwd)
    print(json.dumps(report(verdict)) if arguments.json else explanation(verdict))
    return ExitCode.DONE


def _line(words: list[str]) -> str:
    return words[0] if len(words) == 1 else shlex.join(words)


def _gate(arguments: argparse.Namespace) -> _Gate:
    """Raises: UsageError."""
    root = workspace_of(arguments.root)
    settings = settings_of(arguments, root)
    try:
        sources = Sources(
            root=root,
            level=Level(arguments.level or settings.level),
            allow=settings.allow,
            book=rule_book(root),
            trust=trust_store(settings),
            confined=make_runner(cache_folder()),
        )
    except SettingsError as error:
        raise UsageError(str(error)) from error
    policy = asyncio.run(Standing(sources).with_sandbox())
    return _Gate(judge=LineJudge(root=root, world=DiskWorld(command_path())), policy=policy)


def _check(gate: _Gate, lines: Iterable[str]) -> None:
    """Answer each line; one that cannot be understood gets an error, and ends nothing."""
    for line in lines:
        if line.strip():
            print(json.dumps(_answer(gate, line)), flush=True)


def _answer(gate: _Gate, line: str) -> JsonObject:
    if len(line) > MAX_INPUT_CHARS:
        return {"id": None, "error": f"the line has more than {MAX_INPUT_CHARS} characters"}
    try:
        value = cast(object, json.loads(line))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"expected one JSON object a line: {error}"}
    if not isinstance(value, dict):
        return {"id": None, "error": "expected a JSON object"}
    asked = cast(JsonObject, value)
    command, cwd = asked.get("command"), asked.get("cwd", ".")
    if not isinstance(command, str) or not isinstance(cwd, str) or "\0" in cwd:
        return {"id": asked.get("id"), "error": "expected `command`, and perhaps `cwd`, as texts"}
    folder = _named(cwd)
    return {"id": asked.get("id"), **short_report(gate.verdict(command, folder))}


def _named(cwd: str) -> str:
    """Give the name of a folder as a file system can have it."""
    return os.fsdecode(cwd.encode("utf-8", "surrogatepass")) if cwd else str(Path())


COMMAND = CliCommand(
    name="gate",
    summary="show what would happen to a command, and why, without running it",
    add_arguments=add_arguments,
    run=run,
)
