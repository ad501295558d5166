"""The till of a small tea house."""
