"""The text of a project: disk, unsaved buffers and proposals, read through immutable snapshots.

It knows no tool, no model and no protocol.
"""
