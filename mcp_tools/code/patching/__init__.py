"""Patches as models write them: read, placed in the text of now, turned into edits."""
