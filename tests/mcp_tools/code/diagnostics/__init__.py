"""Tests of what is found in one document."""
