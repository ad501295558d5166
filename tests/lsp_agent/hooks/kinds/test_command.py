"""A program answers by its exit code and by JSON."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.hook import Maker
from lsp_agent.hooks.kinds.command import CommandFields, make
from tests.lsp_agent.hooks.occasions import LIMIT_S, SHELL, occasion, place

pytestmark = pytest.mark.asyncio


async def answer(folder: Path, code: str) -> Answer:
    """Let a line of Python be the hook of a shell call."""
    fields = CommandFields(argv=(sys.executable, "-I", "-S", "-c", code))
    async with asyncio.timeout(LIMIT_S):
        return await make(fields, place(folder))(occasion())


async def test_it_reads_the_occasion_as_json(tmp_path: Path) -> None:
    code = "import sys, json; print(json.dumps({'context': sys.stdin.read()}))"
    told = json.loads((await answer(tmp_path, code)).context)
    assert told == {
        "schema": 1,
        "event": "before_tool",
        "session_id": "s1",
        "root": "/projects/shop",
        "payload": {
            "tool": "shell",
            "call_id": "c1",
            "arguments": SHELL.arguments,
        },
    }


async def test_no_output_is_the_empty_answer(tmp_path: Path) -> None:
    assert await answer(tmp_path, "pass") == NOTHING


async def test_what_it_prints_is_its_answer(tmp_path: Path) -> None:
    code = """print('{"decision": "ask", "reason": "sure?"}')"""
    assert await answer(tmp_path, code) == Answer(decision="ask", reason="sure?")


async def test_exit_code_two_denies_with_what_it_said(tmp_path: Path) -> None:
    code = "import sys; print('{}'); print('not here', file=sys.stderr); sys.exit(2)"
    assert await answer(tmp_path, code) == Answer(decision="deny", reason="not here")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; print('why', file=sys.stderr); sys.exit(1)", "exit code 1, saying 'why'"),
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        ("print('all fine')", "not what the schema says"),
        ("print('\\x00')", "not what the schema says"),
        ("""print('{"decision": "allow"}')""", "not what the schema says"),
    ],
)
async def test_everything_else_is_a_failure(tmp_path: Path, code: str, reason: str) -> None:
    with pytest.raises(HookFailed, match=reason):
        await answer(tmp_path, code)


async def test_a_project_names_its_program_from_its_top(tmp_path: Path) -> None:
    script = tmp_path / "check.sh"
    script.write_text("#!/bin/sh\npwd >&2; exit 2\n", encoding="utf-8")
    script.chmod(0o755)
    run = make(CommandFields(argv=("./check.sh",)), place(tmp_path, maker=Maker.PROJECT))
    async with asyncio.timeout(LIMIT_S):
        found = await run(occasion())
    assert found.reason == str(tmp_path)
