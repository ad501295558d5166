"""Tests of the questions about code."""
