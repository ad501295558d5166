"""The one place where credentials are recognized and hidden, whatever text they stand in.

It must not know where a text comes from, nor who is going to read it.
"""
