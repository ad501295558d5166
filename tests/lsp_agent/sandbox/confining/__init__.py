"""Tests of `lsp_agent.sandbox.confining`."""
