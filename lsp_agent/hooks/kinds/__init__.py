"""The kinds of hooks, one a file, which ends in `KIND = Kind(...)`.

The name of the file is that of the kind.
A kind gets an occasion and gives an answer, or fails; what that means is decided in `firing`.
"""
