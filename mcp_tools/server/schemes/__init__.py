"""What can be read as a resource: one file for each scheme of URIs.

A scheme knows texts and paths, and nothing of how the protocol writes them down.
"""
