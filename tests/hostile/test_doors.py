"""No trick works before the folder is trusted, by whatever door it is opened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.doors.cli import through_agent, through_commands, through_starts
from tests.hostile.doors.lsp import through_lsp
from tests.hostile.doors.mcp import through_mcp
from tests.hostile.nest import Nest, nested
from tests.hostile.plants.all import PLANTS

pytestmark = pytest.mark.timeout(600)
DOORS = (through_lsp, through_mcp, through_commands, through_agent)


def test_there_are_enough_of_them() -> None:
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 60


@pytest.mark.parametrize("door", DOORS)
def test_nothing_works(tmp_path: Path, door: Callable[[Nest], dict[str, str]]) -> None:
    with nested(tmp_path, PLANTS) as nest:
        texts = door(nest)
        assert set(texts) == set(nest.grounds)
        assert nest.worked(texts) == []


def test_nothing_works_at_the_start_of_the_program(tmp_path: Path) -> None:
    with nested(tmp_path, [plant for plant in PLANTS if plant.is_at_start]) as nest:
        assert nest.worked(through_starts(nest)) == []
