"""Edits that keep a program's meaning, one a file; nothing is written."""
