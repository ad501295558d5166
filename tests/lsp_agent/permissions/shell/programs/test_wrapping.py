"""Programs that run another one: judged as that one."""

from pathlib import Path

import pytest

from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.programs.registry import model_of
from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, RichMachine, checks


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("timeout 5 cat README.md", NOTHING),
        ("timeout -k 1 5s rg x", NOTHING),
        ("timeout 5 cat /etc/passwd", {"outside-workspace"}),
        ("timeout 5 rm README.md", {"inner-program"}),
        ("timeout 5 timeout 5 rm x", {"inner-program"}),
        ("timeout --foo 5 cat README.md", {"unknown-option"}),
        ("timeout soon cat README.md", {"unexpected-operand"}),
        ("command -v rm", NOTHING),
        ("command ls", NOTHING),
        ("command rm x", {"inner-program"}),
        ("xargs", NOTHING),
        ("xargs echo x", NOTHING),
        ("xargs -0 -n 1 basename", NOTHING),
        ("xargs wc -l", {"unseen-operands"}),
        ("xargs -0 grep -n -- foo", {"unseen-operands"}),
        ("xargs -I{} cat {}", {"unseen-operands"}),
        ("xargs cat /etc/passwd", {"unseen-operands", "outside-workspace"}),
        ("xargs sort", {"inner-program"}),
        ("xargs rg foo", {"inner-program"}),
        ("xargs sed -n 1p", {"inner-program"}),
        ("xargs rm", {"inner-program"}),
        ("xargs sh -c id", {"inner-program"}),
        ("xargs -a names.txt cat", {"listed-files", "unseen-operands"}),
        ("xargs --max-lines rm wc -l", {"inner-program"}),
        ("xargs -I{} echo {} x", NOTHING),
        ("xargs -I echo echo x", {"inner-program"}),
        ("xargs -Ich echo x", {"inner-program"}),
        ("xargs -I '' echo", {"inner-program"}),
        ("xargs -p cat", {"unknown-option", "unseen-operands"}),
        ("xargs ./cat", {"inner-program"}),
    ],
)
def test_the_program_within_is_judged(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected


class PlantedMachine(RichMachine):
    def program(self, name: str, cwd: Path) -> Path | None:
        return cwd / "bin" / name


def test_a_program_of_the_workspace_is_not_the_one_that_is_modelled(root: Path) -> None:
    model = model_of("timeout")
    assert model is not None
    invocation = Invocation(
        program="timeout", arguments=("5", "cat"), cwd=root, root=root, world=PlantedMachine()
    )
    assert [found.check for found in model.judge(invocation)] == ["inner-program"]
