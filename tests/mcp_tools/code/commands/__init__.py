"""Tests of what the tools for commands have in common."""
