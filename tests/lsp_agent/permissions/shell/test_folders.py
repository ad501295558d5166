"""Tests of where the commands of a line run."""

import pytest

from lsp_agent.permissions.shell.folders import placed
from mcp_tools.code.commands.script import read_script
from tests.lsp_agent.permissions.shell.gate import Gate


def folders(gate: Gate, line: str) -> list[str]:
    """Give where the last command of a line may run; `?` if that is not known."""
    last = list(placed(read_script(line), gate.root, gate.root, gate.world))[-1]
    return sorted(
        "?" if part.cwd is None else part.cwd.relative_to(gate.root).as_posix()
        for part in last.parts
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ls", ["."]),
        ("cd src && ls", ["src"]),
        ("cd src; ls", [".", "src"]),
        ("cd src\nls", [".", "src"]),
        ("cd src || ls", ["."]),
        ("cd src || true; ls", [".", "src"]),
        ("cd src && cd deep && ls", ["src/deep"]),
        ("cd src && ls; ls", [".", "src"]),
        ("cd src && cd ..; ls", [".", "src"]),
        ("cd src/deep/.. && ls", ["src"]),
        ("cd ./src && ls", ["src"]),
        ("cd nosuch && ls", ["nosuch"]),
        ("cd src && true || cd src/deep && ls", ["src", "src/deep", "src/src/deep"]),
        ("cd src | ls", ["."]),
        ("cd src | true && ls", ["."]),
        ("true | cd src && ls", ["."]),
        ("cd && ls", ["?"]),
        ("cd - && ls", ["?"]),
        ("cd ~ && ls", ["?"]),
        ("cd $x && ls", ["."]),
        ("cd a b && ls", ["?"]),
        ("cd '' && ls", ["?"]),
        ("cd .. && ls", ["?"]),
        ("cd out && ls", ["?"]),
        ("cd inner && ls", ["?"]),
        ("cd inner/.. && ls", ["."]),
        ("cd out && cd src && ls", ["?"]),
        ("cd out; cd src && ls", ["?", "src"]),
        ("pushd src && ls", ["."]),
    ],
)
def test_each_folder_is_known_in_which_a_command_could_run(
    gate: Gate, line: str, expected: list[str]
) -> None:
    assert folders(gate, line) == expected


def test_relative_names_are_taken_from_each_of_them(gate: Gate) -> None:
    assert "outside-workspace" not in gate.checks("cd src && cat ../a.py")
    assert "outside-workspace" in gate.checks("cd src; cat ../a.py")
    assert "outside-workspace" in gate.checks("cd src || cat ../a.py")
