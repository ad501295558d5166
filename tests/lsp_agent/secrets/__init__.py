"""Tests of lsp_agent.secrets."""
