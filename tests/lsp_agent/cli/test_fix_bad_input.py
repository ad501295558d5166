"""`lsp-agent fix` on what it cannot fix: one line that says why, and exit code 2."""

import os
import sys
from pathlib import Path

import pytest

from tests.lsp_agent.cli.conftest import BROKEN, git_diff
from tests.lsp_agent.cli.program import Program, config_file


def _refused(program: Program, *arguments: str) -> str:
    """Run `fix`, which must refuse in one line; give the line."""
    done = program.run("fix", *arguments, "--apply")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Checking ")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("lsp-agent: ")
    return lines[0]


def test_a_missing_file(program: Program) -> None:
    assert "there is no file 'nope.py'" in _refused(program, "nope.py")
    assert "there is no file 'nope.py'" in _refused(program, "nope.py:3")


def test_a_folder(program: Program) -> None:
    assert "expected a file, got the folder '.'" in _refused(program, ".")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x = 1\0\n", "is a binary file"),
        (b"x = '\xe4'\n", "is not UTF-8 (byte 5 is 0xe4)"),
        (b"x = '\xed\xa0\x80'\n", "is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text(program: Program, project: Path, data: bytes, said: str) -> None:
    (project / "lengths.py").write_bytes(data)
    assert said in _refused(program, "lengths.py")
    assert (project / "lengths.py").read_bytes() == data


def test_a_file_outside_of_the_root(program: Program, project: Path) -> None:
    (project / "inner").mkdir()
    line = _refused(program, "lengths.py", "--root", "inner")
    assert "'" + str(project / "lengths.py") + "' is outside of the workspace" in line
    assert git_diff(project) == ""


def test_a_root_that_is_no_folder(program: Program) -> None:
    line = _refused(program, "lengths.py", "--root", "nope")
    assert "expected a directory as the workspace root, got 'nope'" in line


def test_a_link_that_leads_out_of_the_root(program: Program, project: Path) -> None:
    outside = project.parent / "outside.py"
    outside.write_text(BROKEN, encoding="utf-8")
    (project / "link.py").symlink_to(outside)
    assert "is a link that leads out of the workspace" in _refused(program, "link.py")
    assert outside.read_text(encoding="utf-8") == BROKEN


def test_a_link_that_leads_nowhere(program: Program, project: Path) -> None:
    (project / "link.py").symlink_to(project / "gone.py")
    assert "there is no file 'gone.py'" in _refused(program, "link.py")


def test_a_file_that_is_too_large_to_check(program: Program, project: Path) -> None:
    (project / "lengths.py").write_text("x = 1\n" * 900_000, encoding="utf-8")
    assert "it has 5400000 characters" in _refused(program, "lengths.py")


def test_a_file_that_is_too_large_to_read(program: Program, project: Path) -> None:
    with (project / "lengths.py").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    assert "the limit for text is" in _refused(program, "lengths.py")


def test_a_file_that_no_checker_knows(program: Program, project: Path) -> None:
    (project / "notes.md").write_text("# Notes\n", encoding="utf-8")
    assert "there is no checker for .md files yet" in _refused(program, "notes.md")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("lengths.py:0", "expected a line from 1 on"),
        ("lengths.py:99", "expected a line up to 7 of lengths.py, got 99"),
        (f"lengths.py:{'9' * 5000}", "there is no file"),
    ],
)
def test_a_line_that_is_not_there(program: Program, target: str, said: str) -> None:
    assert said in _refused(program, target)


def test_a_file_whose_name_ends_like_a_line_is_meant_itself(
    program: Program, project: Path
) -> None:
    (project / "lengths.py:4").write_text("x\n", encoding="utf-8")
    assert "lengths.py:4 cannot be checked" in _refused(program, "lengths.py:4")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = ", "cannot be read"),
        ("mdoel = 'offline'\n", "setting 'mdoel'"),
        ("max_steps = 0\n", "setting 'max_steps'"),
        ("api_key = 'sk-secret'\n", "set ANTHROPIC_API_KEY"),
    ],
)
def test_a_settings_file_that_is_wrong(program: Program, text: str, said: str) -> None:
    path = config_file(program.home)
    path.write_text(text, encoding="utf-8")
    line = _refused(program, "lengths.py")
    assert str(path) in line
    assert said in line
    assert "sk-secret" not in line


def test_a_settings_file_that_cannot_be_read(program: Program) -> None:
    config_file(program.home).mkdir()
    assert "cannot be read" in _refused(program, "lengths.py")


def test_a_setting_of_the_environment_that_is_wrong(program: Program) -> None:
    variables = {"LSP_AGENT_MAX_STEPS": "many"}
    there = Program(home=program.home, cwd=program.cwd, variables=variables)
    assert "LSP_AGENT_MAX_STEPS: setting 'max_steps'" in _refused(there, "lengths.py")


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_a_file_name_that_is_no_text(program: Program, project: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (project / name).write_text("import os\n", encoding="utf-8")
    assert "expected a file name in UTF-8" in _refused(program, name)
