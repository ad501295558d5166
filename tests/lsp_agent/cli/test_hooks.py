"""The command lists what counts, tries it, and prints the schemas."""

import json
from pathlib import Path

import pytest

from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.main import main
from lsp_agent.config.settings import settings_file
from lsp_agent.hooks.events import HookEvent

DENYING = """\
[[hook]]
name = "guard"
on = ["before_tool"]
kind = "command"
argv = ["sh", "-c", "echo no >&2; exit 2"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    """Run the command, and give what it printed."""
    code = main(["hooks", *argv])
    return code, capsys.readouterr().out


def write(text: str) -> None:
    """Write the user's file."""
    path = settings_file().parent / "hooks.toml"
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def test_without_hooks_the_events_are_listed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(capsys, "--root", str(root))
    assert code == ExitCode.DONE
    assert out.startswith("There are no hooks.\n")
    for event in HookEvent:
        assert f"  {event} " in out
    assert "Nobody has asked for anything. (not fired yet by this version)" in out


def test_a_hook_is_listed_with_what_it_is_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(DENYING)
    _, out = run(capsys, "--root", str(root))
    assert out.startswith("guard  (command, user)  on before_tool\n")
    _, out = run(capsys, "list", "--json", "--root", str(root))
    (hook,) = json.loads(out)["hooks"]
    assert (hook["name"], hook["state"]) == ("guard", "active")


def test_a_file_that_is_refused_says_why(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(DENYING.replace("kind", "sort"))
    _, out = run(capsys, "--root", str(root))
    assert "Not used: no hook of " in out
    assert "line 1: Object missing required field `kind`" in out


def test_hooks_of_an_untrusted_project_wait(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".lsp-agent").mkdir()
    (root / ".lsp-agent" / "hooks.toml").write_text(DENYING, encoding="utf-8")
    _, out = run(capsys, "--root", str(root))
    assert out.startswith("There are no hooks.\nNot used: the hooks of .lsp-agent/hooks.toml")
    assert "lsp-agent trust grant" in out
    _, out = run(capsys, "test", "before_tool", "--root", str(root))
    assert out == "There is no hook for a before_tool like the sample.\n"


def test_a_trial_shows_what_each_hook_answers(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(DENYING)
    code, out = run(capsys, "test", "before_tool", "--root", str(root))
    assert (code, out) == (ExitCode.DONE, "guard: denies: no\n")
    write(DENYING.replace("exit 2", "exit 3"))
    code, out = run(capsys, "test", "before_tool", "--json", "--root", str(root))
    assert code == ExitCode.NOT_SOLVED
    (answered,) = json.loads(out)["hooks"]
    assert answered["answers"][0].startswith("failed: 'sh' ended with the exit code 3")


@pytest.mark.parametrize("argv", [("test",), ("test", "before_tools"), ("list", "stop")])
def test_an_event_that_makes_no_sense_is_a_wrong_usage(
    root: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    code, _ = run(capsys, *argv, "--root", str(root))
    assert code == ExitCode.USAGE


def test_the_schemas_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "schema", "--json")
    found = json.loads(out)
    assert code == ExitCode.DONE
    assert set(found) == {"$schema", "input", "payloads", "answer", "entry", "fields"}
    assert set(found["payloads"]) == set(HookEvent)
    assert set(found["fields"]) == {"agent", "command", "function", "http", "prompt"}
