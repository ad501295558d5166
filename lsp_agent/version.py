"""The version of this program."""

VERSION = "0.1.0"
"""As in `pyproject.toml`; to ask the installed package for it takes 20 ms of each start."""
