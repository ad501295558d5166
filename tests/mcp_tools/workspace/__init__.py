"""Tests of documents, edits, merging, and what reads and writes them."""
