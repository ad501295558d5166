"""How much is judged at all: what is more than that is not judged in part, but refused."""

from collections.abc import Iterator

from lsp_agent.permissions.shell.checks.syntax import TOO_MUCH
from lsp_agent.permissions.shell.judgement import Finding
from mcp_tools.code.commands.script import Script

MAX_COMMANDS = 20
MAX_CPU_S = 0.05


def limits(script: Script) -> Iterator[Finding]:
    """Find lines of too many commands; those of too many bytes have none."""
    if len(script.commands) > MAX_COMMANDS:
        yield TOO_MUCH.high(f"there are {len(script.commands)} commands; at most {MAX_COMMANDS}")


def took_too_long() -> Finding:
    """Give the finding for a line whose judgement was ended before its end."""
    return TOO_MUCH.high(f"to judge it takes more than {MAX_CPU_S:g} s")
