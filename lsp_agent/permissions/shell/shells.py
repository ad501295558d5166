"""Which shell would run a line: the one whose syntax was read, or another."""

from collections.abc import Iterator
from pathlib import Path

from lsp_agent.permissions.shell.checks.check import Check
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.world import World
from mcp_tools.code.commands.script import Script

OTHER_SHELL = Check(
    name="other-shell", meaning="there is no bash outside of the workspace to run what was read"
)


def other_shell(script: Script, cwd: Path, root: Path, world: World) -> Iterator[Finding]:
    """Find lines that would be read by another shell, which may read them in another way.

    The words of a single program are not read by any.
    """
    shell = world.program("bash", cwd)
    is_foreign = shell is None or any(
        path.is_relative_to(root) for path in (shell, world.real(shell))
    )
    if is_foreign and not script.argv:
        yield OTHER_SHELL.high("bash is not installed")
    elif is_foreign and shell is not None:
        yield OTHER_SHELL.high(f"bash is {shell}, in the workspace")
