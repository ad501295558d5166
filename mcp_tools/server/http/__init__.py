"""Streamable HTTP, safe on a port: who may connect, send and wait, and for how long.

It knows nothing of tools or of the protocol's messages, and passes on what it has let in.
"""
