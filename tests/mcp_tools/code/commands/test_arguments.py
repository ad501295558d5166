"""The names and shapes that models know for a command, a folder and a time limit."""

import pytest
from pydantic import ValidationError

from mcp_tools.tools.shell import ShellInput
from mcp_tools.tools.shell_stop import ShellStopInput
from mcp_tools.types.json import JsonObject, JsonValue


@pytest.mark.parametrize("name", ["command", "cmd", "script"])
def test_a_command_goes_by_several_names(name: str) -> None:
    assert ShellInput.model_validate({name: "make"}).command == "make"


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (["bash", "-lc", "make && make test"], "make && make test"),
        (["/bin/sh", "-c", "ls"], "ls"),
        (["git", "log", "a b"], "git log 'a b'"),
        (["python", "-c", "print(1)"], "python -c 'print(1)'"),
    ],
)
def test_an_argument_vector_becomes_a_line(command: JsonValue, line: str) -> None:
    assert ShellInput.model_validate({"command": command}).command == line


@pytest.mark.parametrize("command", ["", [], [1], 1, None, {"a": 1}, "x" * 100_001])
def test_what_is_no_command_is_refused(command: JsonValue) -> None:
    with pytest.raises(ValidationError):
        ShellInput.model_validate({"command": command})


@pytest.mark.parametrize("name", ["cwd", "workdir", "working_directory", "directory", "dir_path"])
def test_a_folder_goes_by_several_names(name: str) -> None:
    assert ShellInput.model_validate({"command": "ls", name: "src"}).cwd == "src"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, None),
        ({"timeout_s": 1000}, 1000),
        ({"timeout": 30}, 30),
        ({"timeout": 999}, 999),
        ({"timeout": 1000}, 1),
        ({"timeout": 120_000}, 120),
        ({"timeout": None}, None),
        ({"timeout_ms": 500}, 1),
        ({"timeout_ms": 10_000}, 10),
    ],
)
def test_a_time_limit_is_read_in_its_unit(given: JsonObject, seconds: float | None) -> None:
    assert ShellInput.model_validate({"command": "ls", **given}).timeout_s == seconds


@pytest.mark.parametrize(
    "given",
    [
        {"timeout_s": 0},
        {"timeout_s": 3601},
        {"timeout": 4_000_000},
        {"timeout": "soon"},
        {"timeout": True},
        {"timeout_s": 5, "timeout": 5},
        {"seconds": 5},
    ],
)
def test_a_time_limit_that_is_none_is_refused(given: JsonObject) -> None:
    with pytest.raises(ValidationError):
        ShellInput.model_validate({"command": "ls", **given})


@pytest.mark.parametrize("name", ["background", "run_in_background", "is_background"])
def test_the_background_goes_by_several_names(name: str) -> None:
    assert ShellInput.model_validate({"command": "ls", name: True}).background


@pytest.mark.parametrize("name", ["job_id", "bash_id", "shell_id", "id"])
def test_a_job_goes_by_several_names(name: str) -> None:
    assert ShellStopInput.model_validate({name: "job-1"}).job_id == "job-1"
