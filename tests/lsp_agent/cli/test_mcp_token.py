"""The tokens for HTTP: made, shown once, replaced and revoked."""

import stat
from pathlib import Path

from tests.lsp_agent.cli.program import Program


def test_a_token_is_shown_once_and_can_be_replaced_and_revoked(program: Program) -> None:
    assert program.run("mcp", "token", "list").stdout == ""
    made = program.run("mcp", "token", "create", "laptop")
    assert made.returncode == 0
    assert made.stdout.startswith("lspa_")
    listed = program.run("mcp", "token", "list").stdout
    assert listed.startswith("laptop  made 20")
    assert made.stdout.strip() not in listed
    replaced = program.run("mcp", "token", "rotate", "laptop")
    assert replaced.stdout.startswith("lspa_")
    assert replaced.stdout != made.stdout
    assert program.run("mcp", "token", "revoke", "laptop").returncode == 0
    assert program.run("mcp", "token", "list").stdout == ""


def test_what_cannot_be_done_is_said(program: Program) -> None:
    for verb in ("rotate", "revoke"):
        done = program.run("mcp", "token", verb, "laptop")
        assert (done.returncode, done.stdout) == (2, "")
        assert "'laptop'" in done.stderr
    assert program.run("mcp", "token", "create", "Not Good").returncode == 1
    assert program.run("mcp", "token").returncode == 2


def test_only_the_user_can_read_them(program: Program) -> None:
    program.run("mcp", "token", "create", "laptop")
    (path,) = Path(program.home).rglob("tokens.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
