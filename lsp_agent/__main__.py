"""`python -m lsp_agent` and the program `lsp-agent`."""

import sys

from lsp_agent.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
