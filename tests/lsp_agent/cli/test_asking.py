"""A question on a real terminal: each letter, words, and what is no answer."""

import json
from pathlib import Path

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.conftest import scripted
from tests.lsp_agent.cli.program import Program

MAKE = {"type": "tool_use", "name": "shell", "input": {"command": "mkdir -p build"}}
HIDDEN = {"type": "tool_use", "name": "shell", "input": {"command": "touch \u202egpj.exe"}}


def rules_of(program: Program) -> str:
    """Give what the user's file of rules says."""
    found = list(program.home.rglob("rules.toml"))
    return found[0].read_text(encoding="utf-8") if found else ""


@pytest.mark.parametrize(
    ("typed", "is_run", "is_saved"),
    [("y", True, False), ("s", True, False), ("a", True, True), ("n", False, False)],
)
def test_each_letter_does_what_it_says(
    program: Program, typed: str, *, is_run: bool, is_saved: bool
) -> None:
    with ScriptedModel([[MAKE], "Done."]) as model:
        with scripted(program, model).at_terminal("ask", "--trust", "build it") as seat:
            seat.sees("Allow shell?")
            seat.sees("a  Always allow: mkdir -p build")
            seat.sees("[y/s/a/n, or words to the model]")
            seat.types(typed)
            seat.ends()
        told = json.dumps(model.requests[1].body)
    assert ('"is_error": true' in told) is not is_run
    assert ("mkdir -p build" in rules_of(program)) is is_saved


def test_words_are_a_denial_that_tells_the_model(program: Program) -> None:
    with ScriptedModel([[MAKE], "I see."]) as model:
        with scripted(program, model).at_terminal("ask", "--trust", "build it") as seat:
            seat.sees("or words to the model]")
            seat.types("q")
            seat.sees("'q' is none of the answers here")
            seat.sees("or words to the model]")
            seat.types("use make instead")
            seat.ends()
        told = json.dumps(model.requests[1].body).replace("\\", "")
    assert 'the user says: "use make instead"' in told


def test_a_folder_is_trusted_from_the_question(program: Program, project: Path) -> None:
    reading = {"type": "tool_use", "name": "shell", "input": {"command": "ls"}}
    with ScriptedModel([[reading], "Done."]) as model:
        with scripted(program, model).at_terminal("ask", "look") as seat:
            seat.sees("This folder is not trusted yet.")
            seat.sees("t  Trust this folder")
            seat.sees("or words to the model]")
            seat.types("t")
            seat.ends()
        assert "lengths.py" in str(model.requests[1].body)
    assert program.run("trust", "status", str(project)).returncode == 0


def test_what_hides_is_spelled_out(program: Program) -> None:
    with ScriptedModel([[HIDDEN], "I see."]) as model:
        screen = scripted(program, model).on_terminal("ask", "do it", typed="n\n")
    assert "touch <U+202E>gpj.exe" in screen
    assert "\u202e" not in screen
