"""What a diff cannot say is said in lines that no program takes for a part of it."""

from pathlib import Path

import pytest

from lsp_agent.cli.beside_diff import beside_diff
from mcp_tools.types.contents import Folder, State
from mcp_tools.workspace.changes import change_between

ROOT = Path("/workspace")
FOLDER = State(content=Folder(), mode=0o755)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, FOLDER, "# new folder 'a'\n"),
        (FOLDER, None, "# deleted folder 'a'\n"),
        (None, State(content="x\n", mode=0o644), ""),
        (None, State(content="x\n", mode=0o755), ""),
        (None, State(content="x\n", mode=0o600), "# permissions of 'a': 600\n"),
        (State(content="x\n", mode=0o644), State(content="y\n", mode=0o644), ""),
        (
            State(content="x\n", mode=0o644),
            State(content="x\n", mode=0o640),
            "# permissions of 'a': 640\n",
        ),
        (State(content="x\n", mode=0o644), None, ""),
    ],
)
def test_folders_and_permissions_are_said(
    before: State | None, after: State | None, said: str
) -> None:
    path = ROOT / "a"
    assert beside_diff(change_between("", {path: before}, {path: after}), ROOT) == said


def test_a_name_cannot_look_like_a_line_of_a_diff() -> None:
    path = ROOT / "a\n--- b"
    said = beside_diff(change_between("", {path: None}, {path: FOLDER}), ROOT)
    assert said == "# new folder 'a\\n--- b'\n"
