"""Tests of the undo journal and of the shelf of proposals."""
