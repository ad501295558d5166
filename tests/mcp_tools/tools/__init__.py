"""Tests of the tools, each over a real workspace."""
