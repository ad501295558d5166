"""Definitions in one line."""

from pathlib import Path

import pytest

from mcp_tools.code.answers.items import declared, placed, signed
from mcp_tools.code.navigation.naming import item_of, locate
from tests.support.codebases import codebase_of

TEXT = """\
LONG = [1111111111, 2222222222, 3333333333, 4444444444, 5555555555, 6666666666, 7777777777]


class A(dict):
    @property
    def size(self) -> int:
        return 1

    @size.setter
    def size(self, size: int) -> None:
        self.last: int = size


async def run(run=1): ...
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A", "class A(dict)"),
        ("A/size[0]", "@property def A/size(self) -> int"),
        ("A/last", "A/last: int = size"),
        ("run", "async def run(run=1)"),
        (
            "LONG",
            "LONG = [1111111111, 2222222222, 3333333333, 4444444444, 5555555555, 666666666...",
        ),
    ],
)
def test_the_name_path_stands_in_the_signature(tmp_path: Path, name: str, expected: str) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    item = signed(codebase, item_of(codebase, locate(codebase, f"a.py:{name}")))
    assert declared(item) == expected


def test_a_module_is_placed_at_its_start(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    assert placed(item_of(codebase, locate(codebase, "a.py"))) == "a.py:1:1 module"
