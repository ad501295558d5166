"""All schemes."""

from mcp_tools.server.schemes import diagnostics, files, session, symbols
from mcp_tools.server.schemes.scheme import Scheme

SCHEMES: tuple[Scheme, ...] = (files.SCHEME, symbols.SCHEME, diagnostics.SCHEME, session.SCHEME)
"""In the order of the list of resources."""
