"""Tests of running tests."""
