"""Tests of `lsp_agent.config`."""
