"""An MCP client that calls the tools in each root of one server, with nobody to ask."""

import subprocess

from tests.hostile.calls import reading, running
from tests.hostile.nest import PYTHON, Nest
from tests.lsp_agent.cli.mcp_client import Client


def through_mcp(nest: Nest) -> dict[str, str]:
    """Call everything everywhere; give what was answered, by the names of the plants."""
    roots = [part for each in nest.grounds.values() for part in ("--root", str(each.root))]
    process = subprocess.Popen(
        [*PYTHON, "-m", "lsp_agent", "mcp", "--profile", "full", *roots],
        cwd=next(iter(nest.grounds.values())).root,
        env=nest.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    with process:
        try:
            client = Client(process)
            client.shake_hands()
            return {name: _called(client, nest, name) for name in nest.grounds}
        finally:
            process.kill()


def _called(client: Client, nest: Nest, name: str) -> str:
    """Call everything in one root; the calls that are safe beside others run at once."""
    ground = nest.grounds[name]
    sent = [
        client.send("tools/call", name=tool, arguments={**arguments, "root": str(ground.root)})
        for tool, arguments in (*reading(ground), *running(ground))
    ]
    return "\n".join(str(client.answer(each)["content"]) for each in sent)
