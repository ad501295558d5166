"""Tests of our own checks of Python code."""
