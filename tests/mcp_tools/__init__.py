"""Tests of what can be done in a workspace."""
