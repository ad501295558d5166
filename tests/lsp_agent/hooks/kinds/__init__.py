"""Tests of the kinds of hooks."""
