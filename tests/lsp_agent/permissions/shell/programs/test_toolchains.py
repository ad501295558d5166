"""Interpreters and package managers: only their version is asked for."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.programs.registry import model_of
from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, RichMachine, checks


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python3 --version", NOTHING),
        ("python -V", NOTHING),
        ("node -v", NOTHING),
        ("npm --version", NOTHING),
        ("python3", {"interpreter"}),
        ("python3 -c 1", {"interpreter"}),
        ("python3 --version -c 1", {"interpreter"}),
        ("python3 -v", {"interpreter"}),
        ("node --eval 1", {"interpreter"}),
        ("npm test", {"interpreter"}),
        ("make -n", {"interpreter"}),
        ("yarn --version", {"version-manager"}),
        ("pnpm -v", {"version-manager"}),
        ("go version", {"version-manager"}),
    ],
)
def test_only_a_version_is_harmless(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected


@dataclass(frozen=True, slots=True)
class ManagedMachine(RichMachine):
    path: str

    def program(self, name: str, cwd: Path) -> Path | None:
        del name, cwd
        return Path(self.path)


@pytest.mark.parametrize(
    "path", ["/home/it/.cargo/bin/cargo", "/usr/bin/rustup", "/usr/local/pyenv/shims/python"]
)
def test_a_manager_of_versions_may_choose_by_a_file_of_the_workspace(path: str, root: Path) -> None:
    model = model_of("cargo")
    assert model is not None
    world = ManagedMachine(path)
    invocation = Invocation(
        program="cargo", arguments=("--version",), cwd=root, root=root, world=world
    )
    assert [found.check for found in model.judge(invocation)] == ["version-manager"]
