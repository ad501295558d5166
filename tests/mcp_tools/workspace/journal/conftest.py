"""Fixtures of the tests below."""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.mcp_tools.workspace.journal.recording import Place


@pytest.fixture
def place(tmp_path: Path) -> Generator[Place]:
    """Give where a journal of its own can be; the journals opened there are closed after."""
    with ExitStack() as stack:
        yield Place(folder=tmp_path / "cache" / "journal", root=tmp_path / "project", stack=stack)
