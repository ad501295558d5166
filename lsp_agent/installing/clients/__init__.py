"""One client a file, found by lying here.

A file knows nothing of the others, nor of the disk.
"""
