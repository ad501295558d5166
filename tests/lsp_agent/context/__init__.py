"""Tests of `lsp_agent.context`."""
