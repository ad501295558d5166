"""Tests of edits that keep a program's meaning."""
