"""Tests mirror the packages; tidy/ guards the architecture, e2e/ drives editors."""
