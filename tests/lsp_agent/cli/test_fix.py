"""`lsp-agent fix`: what changes, what is said, and every exit code."""

import json
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.conftest import BROKEN, git_diff, scripted, shown_json
from tests.lsp_agent.cli.documented import CHANGING, EVERY, documented
from tests.lsp_agent.cli.program import LIMIT_S, Program

FIXED = BROKEN.replace("wrds", "words")
WRITE_SETTINGS: dict[str, Any] = {
    "type": "tool_use",
    "name": "write_file",
    "input": {"path": ".vscode/settings.json", "content": "{}\n"},
}


def test_apply_changes_the_one_wrong_line_and_nothing_else(program: Program, project: Path) -> None:
    done = program.run("fix", "lengths.py", "--apply")
    assert done.returncode == 0, done.stderr
    changed = [line for line in git_diff(project).splitlines() if line[:1] in "+-"]
    assert changed[2:] == [
        "-    return sum(len(word) for word in wrds)",
        "+    return sum(len(word) for word in words)",
    ]
    assert len(changed) == 4
    assert "Written to lengths.py." in done.stderr
    again = program.run("fix", "lengths.py")
    assert (again.returncode, again.stdout) == (0, "")
    assert "no problem is reported in lengths.py" in again.stderr


def test_without_apply_the_difference_is_shown_and_nothing_is_written(
    program: Program, project: Path
) -> None:
    done = program.run("fix", "lengths.py")
    assert done.returncode == 0, done.stderr
    assert git_diff(project) == ""
    (proposal,) = shown_json(program, "review")["proposals"]
    advice = f"Nothing was written; `lsp-agent review {proposal['id']} --accept` writes it."
    assert advice in done.stderr
    subprocess.run(["git", "apply"], input=done.stdout, cwd=project, text=True, check=True)
    assert (project / "lengths.py").read_text(encoding="utf-8") == FIXED
    # It is in the file by now, so it does not wait any more.
    assert shown_json(program, "review")["proposals"] == []


def test_what_was_shown_is_written_by_a_review(program: Program, project: Path) -> None:
    shown = shown_json(program, "fix", "lengths.py")
    assert (shown["applied"], shown["hunks"]) == (False, 1)
    done = program.run("review", shown["proposal"], "--accept")
    assert done.returncode == 0, done.stderr
    assert (project / "lengths.py").read_text(encoding="utf-8") == FIXED
    assert program.run("undo").returncode == 0
    assert git_diff(project) == ""


def test_progress_goes_to_stderr_in_plain_lines(program: Program) -> None:
    done = program.run("fix", "lengths.py")
    assert done.stderr.startswith("Checking lengths.py\nFix the problem in lengths.py (offline)\n")
    assert "\x1b" not in done.stderr + done.stdout


def test_json_is_one_object_with_all_that_came_of_it(program: Program, project: Path) -> None:
    shown = json.loads(program.run("fix", "lengths.py", "--json").stdout)
    assert set(shown) == documented(EVERY, CHANGING, "`fix` and `ask` add") - {"fix", "ask"}
    assert len(shown.pop("proposal")) >= 8
    assert shown.pop("diff").endswith("+    return sum(len(word) for word in words)\n")
    assert shown.pop("text")
    assert shown.pop("diagnostics") == [
        {
            "source": "ruff",
            "code": "F821",
            "message": "Undefined name `wrds`",
            "severity": "error",
            "line": 6,
            "column": 38,
            "end_line": 6,
            "end_column": 42,
        }
    ]
    assert set(shown.pop("usage")) == {
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
    }
    assert shown == {
        "schema": 1,
        "outcome": "done",
        "exit_code": 0,
        "file": "lengths.py",
        "applied": False,
        "entries": [],
        "hunks": 1,
        "model": "offline",
    }
    applied = json.loads(program.run("fix", "lengths.py", "--json", "--apply").stdout)
    assert (applied["applied"], applied["entries"]) == (True, [1])
    assert (applied["proposal"], applied["hunks"]) == (None, 0)
    assert (project / "lengths.py").read_text(encoding="utf-8") == FIXED


def test_a_line_is_fixed_and_other_lines_are_left_alone(program: Program, project: Path) -> None:
    two = f"{BROKEN}\n\ndef first(words):\n    return words[indx]\n"
    (project / "lengths.py").write_text(two, encoding="utf-8")
    done = program.run("fix", "lengths.py:6", "--apply")
    assert done.returncode == 0, done.stderr
    assert (project / "lengths.py").read_text(encoding="utf-8") == two.replace("wrds", "words")


def test_a_line_is_checked_more_deeply_than_a_file(program: Program, project: Path) -> None:
    (project / "lengths.py").write_text('x = "a".uper()\n', encoding="utf-8")
    assert "no problem is reported" in program.run("fix", "lengths.py").stderr
    done = program.run("fix", "lengths.py:1", "--apply")
    assert done.returncode == 0, done.stderr
    assert (project / "lengths.py").read_text(encoding="utf-8") == 'x = "a".upper()\n'


def test_a_line_without_a_problem_exits_with_1(program: Program) -> None:
    done = program.run("fix", "lengths.py:4")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no problem is reported on line 4" in done.stderr


def test_a_problem_that_no_rule_fits_exits_with_1(program: Program, project: Path) -> None:
    (project / "lengths.py").write_text("print(zzzqqq)\n", encoding="utf-8")
    done = program.run("fix", "lengths.py", "--apply", "--json")
    assert done.returncode == 1
    result = json.loads(done.stdout)
    assert (result["outcome"], result["applied"], result["diff"]) == ("not_solved", False, "")
    assert "`lsp-agent doctor`" in result["text"]
    assert (project / "lengths.py").read_text(encoding="utf-8") == "print(zzzqqq)\n"


def test_a_protected_file_is_denied_with_3_when_nobody_can_be_asked(
    program: Program, project: Path
) -> None:
    script = {"turns": [[WRITE_SETTINGS]], "default": "I may not."}
    with ScriptedModel(script) as model:
        done = scripted(program, model).run("fix", "lengths.py", "--apply")
    assert done.returncode == 3, done.stderr
    assert "nobody can be asked here: Allow write_file?" in done.stderr
    assert not (project / ".vscode").exists()
    assert git_diff(project) == ""


def test_a_key_that_is_refused_exits_with_4(program: Program, project: Path) -> None:
    with ScriptedModel({"turns": [], "api_key": "another"}) as model:
        done = scripted(program, model).run("fix", "lengths.py", "--apply", "--json")
        assert [record.status for record in model.requests] == [401]
    assert done.returncode == 4
    assert json.loads(done.stdout)["outcome"] == "model_unavailable"
    assert "ANTHROPIC_API_KEY" in json.loads(done.stdout)["text"]
    assert git_diff(project) == ""


@pytest.mark.parametrize(("model", "said"), [("claude-x", "needs a key"), ("gpt", "'offline'")])
def test_a_model_that_cannot_be_had_exits_with_4(program: Program, model: str, said: str) -> None:
    done = program.run("fix", "lengths.py", "--model", model)
    assert (done.returncode, done.stdout) == (4, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_a_hanging_model_with_130_and_writes_nothing(
    program: Program, project: Path
) -> None:
    hang = {"content": "I will think about it", "fault": "hang"}
    with ScriptedModel([hang]) as model:
        arguments = ("fix", "lengths.py", "--apply", "--json")
        with scripted(program, model).started(*arguments) as process:
            model.wait_for_request(1, timeout_s=LIMIT_S)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 130
        assert model.wait_for_ending(1).ending != "complete"
    assert json.loads(output)["outcome"] == "cancelled"
    assert "Traceback" not in errors
    assert git_diff(project) == ""


def test_byte_order_mark_line_ends_and_mode_are_kept(program: Program, project: Path) -> None:
    path = project / "lengths.py"
    before = b"\xef\xbb\xbf" + BROKEN.replace("\n", "\r\n").encode()
    path.write_bytes(before)
    path.chmod(0o640)
    assert program.run("fix", "lengths.py", "--apply").returncode == 0
    assert path.read_bytes() == before.replace(b"wrds", b"words")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_the_root_is_the_project_around_the_file(program: Program, project: Path) -> None:
    inner = project / "pkg"
    inner.mkdir()
    (inner / "a.py").write_text(BROKEN, encoding="utf-8")
    for cwd, name in ((inner, "a.py"), (project.parent, "project/pkg/a.py")):
        there = Program(home=program.home, cwd=cwd)
        assert json.loads(there.run("fix", name, "--json").stdout)["file"] == "pkg/a.py"
    rooted = program.run("fix", "pkg/a.py", "--json", "--root", "pkg")
    assert json.loads(rooted.stdout)["file"] == "a.py"


def test_the_difference_is_colored_on_a_terminal_unless_that_is_unwanted(
    program: Program,
) -> None:
    assert "\x1b[32m+    return sum(" in program.on_terminal("fix", "lengths.py")
    plain = Program(home=program.home, cwd=program.cwd, variables={"NO_COLOR": "1"})
    assert "\x1b[32m" not in plain.on_terminal("fix", "lengths.py")


@pytest.mark.parametrize("variable", ["FORCE_COLOR=1", "PYTHONIOENCODING=latin-1"])
def test_a_piped_difference_holds_the_bytes_of_the_file(
    program: Program, project: Path, variable: str
) -> None:
    text = 'thing = None\nprint("🙂", thing == None)\n'
    (project / "smile.py").write_text(text, encoding="utf-8")
    name, _, value = variable.partition("=")
    odd = Program(home=program.home, cwd=program.cwd, variables={name: value})
    done = odd.run("fix", "smile.py")
    assert '\n+print("🙂", thing is None)\n' in done.stdout


def test_the_difference_fits_a_file_that_starts_with_a_byte_order_mark(
    program: Program, project: Path
) -> None:
    path = project / "marked.py"
    path.write_bytes(b"\xef\xbb\xbfimport os\nx = 1\n")
    done = program.run("fix", "marked.py")
    assert done.returncode == 0, done.stderr
    subprocess.run(["git", "apply"], input=done.stdout.encode(), cwd=project, check=True)
    assert path.read_bytes() == b"\xef\xbb\xbfx = 1\n"


def test_the_home_folder_is_not_taken_for_the_files_project(program: Program) -> None:
    (program.home / "a.py").write_text("print(lenght)\n", encoding="utf-8")
    done = program.run("fix", str(program.home / "a.py"))
    assert done.returncode == 2
    assert "is never taken for a project; name its folder by --root" in done.stderr
