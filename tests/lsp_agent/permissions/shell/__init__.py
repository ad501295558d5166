"""Tests of `lsp_agent.permissions.shell`."""
