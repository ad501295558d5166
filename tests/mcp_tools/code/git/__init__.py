"""Tests of asking git."""
