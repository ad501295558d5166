"""Rules on the command line: listed, added and taken back."""

import json
from pathlib import Path

import pytest

from lsp_agent.cli.exit_codes import ExitCode
from tests.lsp_agent.cli.program import Program

TEST = "allow command npm test"
PUSH = "deny command git push"


@pytest.fixture
def file(program: Program) -> Path:
    """The user's file, which is made by this."""
    path = Path(program.run("rules", "file").stdout.removesuffix("\n"))
    assert path.is_relative_to(program.home)
    return path


def test_there_are_none_at_first(program: Program) -> None:
    done = program.run("rules")
    assert (done.returncode, done.stdout) == (0, "There are no rules.\n")
    assert not list(program.home.rglob("rules.toml"))


def test_a_rule_is_added_listed_and_taken_back(program: Program, project: Path, file: Path) -> None:
    done = program.run("rules", "add", TEST)
    assert done.stdout == f"Added, to hold in {project}: {TEST}\n"
    assert program.run("rules", "add", PUSH, "--everywhere").returncode == 0
    assert program.run("rules").stdout.splitlines() == [
        f"{PUSH}   by {file}",
        f"{TEST}  only in {project}, by {file}",
    ]
    report = json.loads(program.run("rules", "--json").stdout)
    assert report == {
        "schema": 1,
        "rules": [
            {"rule": PUSH, "file": str(file), "where": ""},
            {"rule": TEST, "file": str(file), "where": str(project)},
        ],
        "problems": [],
    }
    assert program.run("rules", "remove", TEST).stdout == f"Removed: {TEST}\n"
    assert TEST not in program.run("rules").stdout


def test_the_file_explains_itself_and_is_private(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# Rules: ")
    assert file.stat().st_mode & 0o777 == 0o600


def test_rules_of_the_project_and_of_the_settings_are_listed(
    program: Program, project: Path, file: Path
) -> None:
    (project / ".lsp-agent").mkdir()
    theirs = project / ".lsp-agent" / "rules.toml"
    theirs.write_text('ask = ["tool run_tests"]', encoding="utf-8")
    settings = file.with_name("config.toml")
    settings.write_text('allow = ["shell"]', encoding="utf-8")
    assert program.run("rules").stdout.splitlines() == [
        f"ask tool run_tests  only in {project}, by {theirs}",
        f"allow tool shell    by {settings}",
    ]


def test_a_file_that_cannot_be_relied_on_is_told(
    program: Program, project: Path, file: Path
) -> None:
    file.write_text("deny = 1\n", encoding="utf-8")
    done = program.run("rules")
    assert done.returncode == ExitCode.NOT_SOLVED
    assert "Problem: " in done.stdout
    assert "line 1: expected texts" in done.stdout
    failed = program.run("rules", "add", TEST)
    assert failed.returncode == ExitCode.NOT_SOLVED
    assert "is not changed: line 1" in failed.stderr
    assert file.read_text(encoding="utf-8") == "deny = 1\n"
    assert not (project / ".lsp-agent").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("add",),
        ("remove",),
        ("add", "allow"),
        ("add", "allow command a\u202eb"),
        ("remove", TEST, "--everywhere"),
        ("other",),
    ],
)
def test_what_cannot_be_meant_is_a_mistake_of_use(program: Program, words: tuple[str, ...]) -> None:
    assert program.run("rules", *words).returncode == ExitCode.USAGE


def test_taking_back_what_is_not_there_fails(program: Program) -> None:
    done = program.run("rules", "remove", TEST)
    assert done.returncode == ExitCode.NOT_SOLVED
    assert "has no rule" in done.stderr
