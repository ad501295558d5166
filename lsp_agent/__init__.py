"""The coding agent: decides what to do in a workspace, and shows it at every door.

It stands on `mcp_tools`, which never imports it back.
"""
