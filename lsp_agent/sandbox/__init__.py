"""Shell commands that see the top layer of text, and what they change.

A command runs in a view of the workspace: unsaved buffers and proposals lie over the disk, and
what it writes is collected and given back as a change set. This room knows no model and no editor.
"""
