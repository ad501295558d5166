"""The shell gate at the command line."""

import json

import pytest

from tests.lsp_agent.cli.program import Program


@pytest.fixture
def project(program: Program) -> Program:
    (program.cwd / "pyproject.toml").write_text("", encoding="utf-8")
    (program.cwd / "src").mkdir()
    (program.cwd / "src" / "a.py").write_text("", encoding="utf-8")
    return program


def test_it_explains_what_is_found_and_decided(project: Program) -> None:
    done = project.run("gate", "explain", "--trust", "--", "ls src | wc && rm -rf src")
    assert done.returncode == 0
    assert "1. ls src\n       nothing found" in done.stdout
    assert "destructive: rm -rf src" in done.stdout
    assert "what it takes away is hard to get back" in done.stdout
    assert "risk      high" in done.stdout
    assert "decision  ask: " in done.stdout
    assert (project.cwd / "src" / "a.py").exists()


def test_words_are_one_command(project: Program) -> None:
    done = project.run("gate", "explain", "--json", "--trust", "--", "grep", "a b", "src")
    report = json.loads(done.stdout)
    assert report["command"] == "grep 'a b' src"
    assert report["parts"] == [{"words": ["grep", "a b", "src"], "risk": "low", "findings": []}]
    assert (report["decision"], report["trust"]) == ("allow", "trusted")


def test_an_untrusted_folder_and_the_level_count(project: Program) -> None:
    plain = json.loads(project.run("gate", "explain", "--json", "--", "ls").stdout)
    assert (plain["decision"], plain["trust"]) == ("ask", "untrusted")
    observing = project.run("gate", "explain", "--json", "--level", "observe", "--", "rm x")
    assert json.loads(observing.stdout)["decision"] == "deny"


def test_the_folder_of_the_command_is_taken_from_the_root(project: Program) -> None:
    found = {}
    for cwd in (".", "src"):
        done = project.run("gate", "explain", "--json", "--cwd", cwd, "--", "cat ../pyproject.toml")
        found[cwd] = json.loads(done.stdout)["checks"]
    assert found == {".": ["outside-workspace"], "src": []}


def test_hidden_characters_are_shown(project: Program) -> None:
    done = project.run("gate", "explain", "--", "ls \u202e")
    assert "\u202e" not in done.stdout
    assert "<U+202E>" in done.stdout


def test_a_stream_of_commands_is_answered_line_by_line(project: Program) -> None:
    asked = [
        '{"id": 1, "command": "ls"}',
        "",
        "no json",
        "[]",
        '{"id": 2}',
        '{"id": 3, "command": "ls", "cwd": 7}',
        '{"id": 4, "command": "cat a.py", "cwd": "src"}',
        '{"id": 5, "command": "ls \\ud800\\u0000", "cwd": "\\ud800"}',
        '{"id": 6, "command": "ls", "cwd": "\\u0000"}',
        '{"id": {"own": []}, "command": "rm -rf /"}',
        '{"id": 7, "command": "' + "x" * 1_000_001 + '"}',
    ]
    done = project.run("gate", "check", "--jsonl", "--trust", stdin="\n".join(asked))
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [
        *(1, None, None, 2, 3, 4, 5, 6),
        {"own": []},
        None,
    ]
    assert [answer.get("decision", "error") for answer in answers] == [
        *("allow", "error", "error", "error", "error", "allow", "ask", "error", "ask", "error")
    ]
    assert answers[8]["risk"] == "high"
    assert {"destructive", "outside-workspace"} <= set(answers[8]["checks"])


@pytest.mark.parametrize(
    "words", [("gate",), ("gate", "explain"), ("gate", "check"), ("gate", "explain", "--")]
)
def test_what_is_missing_is_said(project: Program, words: tuple[str, ...]) -> None:
    assert project.run(*words).returncode == 2
