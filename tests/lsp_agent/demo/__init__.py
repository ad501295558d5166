"""The demo: its wire, its editor, its project."""
