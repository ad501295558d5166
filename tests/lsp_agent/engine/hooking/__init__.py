"""Tests of `lsp_agent.engine.hooking`."""
