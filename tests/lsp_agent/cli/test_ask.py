"""`lsp-agent ask`: what was written is done, and where needed a person is asked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.conftest import git_diff, scripted, shown_json
from tests.lsp_agent.cli.program import Program
from tests.lsp_agent.secrets.made_up import CREDENTIALS

WRITE_NOTES: dict[str, Any] = {
    "type": "tool_use",
    "name": "write_file",
    "input": {"path": "notes.md", "content": "Hello.\n"},
}
WRITE_SETTINGS: dict[str, Any] = {
    "type": "tool_use",
    "name": "write_file",
    "input": {"path": ".vscode/settings.json", "content": "{}\n"},
}


def test_an_answer_is_printed_on_stdout(program: Program) -> None:
    with ScriptedModel(
        [{"content": "It is {{last_user}}.", "match": {"last_user": "blue"}}]
    ) as model:
        done = scripted(program, model).run("ask", "blue")
    assert (done.returncode, done.stdout) == (0, "It is blue.\n")


def test_the_question_is_read_from_stdin(program: Program) -> None:
    with ScriptedModel(["It is {{last_user}}."]) as model:
        done = scripted(program, model).run("ask", "-", stdin="green")
    assert (done.returncode, done.stdout) == (0, "It is green.\n")


def test_an_edit_is_shown_and_only_written_with_apply(program: Program, project: Path) -> None:
    with ScriptedModel([[WRITE_NOTES], "Done."]) as model:
        shown = scripted(program, model).run("ask", "write notes")
    assert shown.stdout.endswith("+++ b/notes.md\n@@ -0,0 +1 @@\n+Hello.\n")
    assert " --accept` writes it." in shown.stderr
    assert git_diff(project) == ""
    with ScriptedModel([[WRITE_NOTES], "Done."]) as model:
        written = scripted(program, model).run("ask", "write notes", "--apply", "--json")
    result = json.loads(written.stdout)
    assert (result["applied"], result["file"], result["text"]) == (True, None, "Done.")
    assert result["usage"]["output_tokens"] > 0
    assert (project / "notes.md").read_text(encoding="utf-8") == "Hello.\n"


def test_a_second_question_builds_on_what_waits_for_review(program: Program, project: Path) -> None:
    with ScriptedModel([[WRITE_NOTES], "Done."]) as model:
        first = scripted(program, model).run("ask", "write notes", "--json")
    read = {"type": "tool_use", "name": "read_file", "input": {"path": "notes.md"}}
    with ScriptedModel([[read], "They say hello."]) as model:
        second = scripted(program, model).run("ask", "what do the notes say")
        assert "Hello." in json.dumps(model.requests[1].body)
    assert second.returncode == 0
    assert "This builds on 1 proposal that still waits for review." in second.stderr
    assert not (project / "notes.md").exists()
    proposal_id = json.loads(first.stdout)["proposal"]
    assert [p["id"] for p in shown_json(program, "review")["proposals"]] == [proposal_id]


@pytest.mark.parametrize(("typed", "is_written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_at_a_terminal_is_asked(
    program: Program, project: Path, typed: str, *, is_written: bool
) -> None:
    with ScriptedModel([[WRITE_SETTINGS], "That is all."]) as model:
        arguments = ("ask", "configure it", "--apply")
        screen = scripted(program, model).on_terminal(*arguments, typed=typed)
    assert "Allow write_file? .vscode/settings.json can make programs run later" in screen
    assert (project / ".vscode/settings.json").exists() == is_written


def test_nobody_to_ask_is_a_no(program: Program, project: Path) -> None:
    with ScriptedModel([[WRITE_SETTINGS], "I may not."]) as model:
        done = scripted(program, model).run("ask", "configure it", "--apply", stdin="y\n")
    assert "nobody can be asked here" in done.stderr
    assert not (project / ".vscode").exists()


def test_nothing_to_do_is_wrong_usage(program: Program) -> None:
    for arguments in (("ask", " "), ("ask", "-"), ("ask",)):
        done = program.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr


def test_the_home_folder_is_no_workspace(program: Program) -> None:
    at_home = Program(home=program.home, cwd=program.home)
    done = at_home.run("ask", "hello")
    assert done.returncode == 2
    assert "is no project" in done.stderr
    # With a root it is taken up; that the offline engine cannot answer is another matter.
    named = at_home.run("ask", "hello", "--root", str(program.cwd))
    assert named.returncode == 1
    assert "only knows" in named.stderr + named.stdout


def test_a_credential_in_settings_and_failures_is_nowhere_in_what_is_left(
    program: Program,
) -> None:
    token = CREDENTIALS["GitHub token"]
    (program.cwd / "conf.py").write_text(f'TOKEN = "{token}"\n', encoding="utf-8")
    there = replace(
        program,
        variables={
            **program.variables,
            "LSP_AGENT_MODEL": "claude-sonnet-5-5",
            "ANTHROPIC_API_KEY": token,
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:9/{token}",
        },
    )
    done = there.run("ask", "what is in conf.py?")
    assert done.returncode != 0
    assert token not in done.stdout + done.stderr
    kept = [path for path in program.home.rglob("*") if path.is_file()]
    assert not [path for path in kept if token.encode() in path.read_bytes()]
