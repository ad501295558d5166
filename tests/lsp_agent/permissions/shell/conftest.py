"""A gate that the tests of a file share, since judging changes nothing."""

import pytest

from tests.lsp_agent.permissions.shell.gate import Gate, make_gate


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """The gate."""
    return make_gate(tmp_path_factory.mktemp("gate"))
