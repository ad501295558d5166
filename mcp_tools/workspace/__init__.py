"""The text of a project in layers: disk, unsaved buffers, proposals; read by snapshots.

It knows no tool, no model and no protocol.
"""
