"""Fixtures of the tests below."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp_agent.sandbox.views import WAYS, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give an empty workspace."""
    bench = Bench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Give each way to show a command the top layer."""
    return str(request.param)
