"""What a Python text says about names.

It knows nothing of files, of other texts, or of the index.
"""
