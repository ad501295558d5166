"""The Language Server Protocol door: translates, and decides nothing.

pygls and lsprotocol are known here and nowhere else.
"""
