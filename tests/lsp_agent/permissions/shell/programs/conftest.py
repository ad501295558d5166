"""A workspace that the tests of a file share, since judging changes nothing in it."""

from pathlib import Path

import pytest

from tests.lsp_agent.permissions.shell.programs.workspace import make_workspace


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace."""
    return make_workspace(tmp_path_factory.mktemp("workspace"))
