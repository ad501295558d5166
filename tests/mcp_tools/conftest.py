"""Fixtures of the tests below."""

from pathlib import Path

import pytest

from tests.support.desk import Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give an empty workspace of its own to each test."""
    root = tmp_path / "project"
    root.mkdir()
    return desk_in(root)
