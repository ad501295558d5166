"""Tests of `lsp_agent.hooks`."""
