"""Implementations are what stands below."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.implementations import implementations
from mcp_tools.code.navigation.naming import locate
from tests.support.codebases import codebase_of

_FILES = {
    "a.py": (
        "from abc import ABC, abstractmethod\n"
        "class Shape(ABC):\n    @abstractmethod\n    def area(self): ...\n"
        "    def name(self): ...\n"
    ),
    "b.py": (
        "from a import Shape as S\n"
        "class Round(S): ...\n"
        "class Circle(Round):\n    def area(self): return 1\n"
        "class Square(S):\n    def area(self): return 2\n"
        "def plain(): ...\n"
    ),
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Shape", ["b.py:Round", "b.py:Circle", "b.py:Square"]),
        ("Shape/area", ["b.py:Circle/area", "b.py:Square/area"]),
        ("Shape/name", ["a.py:Shape/name"]),
        ("Square", ["b.py:Square"]),
        ("plain", ["b.py:plain"]),
    ],
)
def test_implementations_stand_below(name: str, expected: list[str], tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    found = implementations(codebase, locate(codebase, name))
    assert [f"{item.file}:{item.path}" for item in found.items] == expected
