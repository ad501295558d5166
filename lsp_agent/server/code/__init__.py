"""Questions about code from an editor, in the terms of the protocol.

It knows nothing of tasks, proposals or models.
"""
