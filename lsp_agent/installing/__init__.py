"""Adding our server to the settings of MCP clients, and taking it out.

It knows no command line.
"""
