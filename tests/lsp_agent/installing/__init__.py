"""Tests of writing entries for MCP clients."""
