"""Fixtures of the tests below."""

from pathlib import Path

import pytest

from tests.mcp_tools.index.coding import Code


@pytest.fixture
def code(tmp_path: Path) -> Code:
    """Give an empty code base of its own to each test."""
    return Code(root=tmp_path / "project", cache=tmp_path / "cache")
