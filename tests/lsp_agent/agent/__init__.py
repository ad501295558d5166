"""Tests of `lsp_agent.agent`."""
