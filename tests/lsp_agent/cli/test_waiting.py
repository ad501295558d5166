"""`lsp-agent waiting`: what was denied for lack of a person, and how it is run."""

import json
import shlex
import subprocess
from pathlib import Path

from lsp_agent.cli.waiting import command_for
from lsp_agent.engine.waiting import Waiting
from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.conftest import scripted
from tests.lsp_agent.cli.program import Program

MAKE = {"type": "tool_use", "name": "shell", "input": {"command": "echo made > made.txt"}}


def test_what_nobody_could_be_asked_about_is_listed_run_by_hand_and_cleared(
    program: Program, project: Path
) -> None:
    assert program.run("waiting").stdout == "Nothing waits.\n"
    with ScriptedModel([[MAKE], "I may not."]) as model:
        scripted(program, model).run("ask", "make it")
    shown = program.run("waiting")
    assert shown.returncode == 0, shown.stderr
    assert "   | echo made > made.txt\n" in shown.stdout
    assert not (project / "made.txt").exists()
    (waiting,) = json.loads(program.run("waiting", "--json").stdout)["waiting"]
    assert (waiting["tool"], waiting["folder"]) == ("shell", str(project))
    assert f"run it: {waiting['run']}" in shown.stdout
    words = shlex.split(waiting["run"].partition(" && ")[2])
    done = (
        program.run(*words[1:3], "--apply", *words[3:])
        if words[2] != "--"
        else program.run(words[1], "--apply", *words[2:])
    )
    assert done.returncode == 0, done.stderr
    assert (project / "made.txt").read_text(encoding="utf-8") == "made\n"
    assert program.run("waiting", "clear").stdout == "1 forgotten.\n"
    assert json.loads(program.run("waiting", "--json").stdout)["waiting"] == []


def test_a_line_that_is_not_all_seen_is_not_given_as_a_command() -> None:
    def of(line: str) -> str:
        return command_for(Waiting(at="", who="", tool="shell", what="", line=line))

    assert shlex.split(of("echo 'a b'"))[-1] == "echo 'a b'"
    assert of("echo \u202etxt") == of("") == ""


def test_the_command_that_is_shown_says_the_same_to_a_shell(tmp_path: Path) -> None:
    line = "printf '%s|' \"a b\" '$HOME' `echo x`"
    command = command_for(
        Waiting(at="", who="", tool="shell", what="", line=line, folder=str(tmp_path))
    )
    words = command.partition("lsp-agent run -- ")[2]
    direct, through = (
        subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", text],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=10,
        ).stdout
        for text in (line, words)
    )
    assert direct == through
