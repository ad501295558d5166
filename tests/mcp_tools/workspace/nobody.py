"""Doing something with the rights of a person who owns nothing, even in a test run by root."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

_NOBODY = 65534


@contextmanager
def without_privileges() -> Generator[None, None, None]:
    """Lay down the rights of root, to whom no file is closed, for a while."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(_NOBODY)
    except OSError:
        pytest.skip("this system does not let root become anyone else")
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def open_folder() -> Generator[Path, None, None]:
    """Give a temporary folder that anyone may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
