"""A small server on standard input and output, for tests: `python -m ... FOLDER`."""

import asyncio
import sys
from pathlib import Path

from mcp_tools.server.pipes import claim_standard_pipes
from mcp_tools.server.stdio import serve_stdio
from tests.mcp_tools.server.places import serve


async def main(folder: Path) -> None:
    """Serve a new project below `folder`, and say on standard error how it ended."""
    pipes = claim_standard_pipes()
    sys.stdout.write("noise that is no message\n")
    served = serve(folder)
    await serve_stdio(served.server, pipes)
    await served.places.close()
    sys.stderr.write(f"ended {served.stage.ended} left {len(served.places.left)}\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
