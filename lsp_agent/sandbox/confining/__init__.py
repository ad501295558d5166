"""Walls around a command: what it cannot read, write, reach or use up.

A view decides which files the command finds in the workspace; the walls stand around the view, and
know nothing of texts and proposals. Whatever stands here runs the same for every command: no
argument of a tool, no file of a workspace and no model takes a wall away.
"""
