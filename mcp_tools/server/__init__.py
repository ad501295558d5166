"""The MCP server: the same tools, for any client that speaks the Model Context Protocol.

It adapts and decides nothing: what a call may do is judged behind `ports.Workplace`.
"""
