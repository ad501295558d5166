"""A class that has all that a protocol asks for stands behind it, without saying so."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.dead_symbols import dead_symbols
from mcp_tools.code.navigation.implementations import implementations
from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.refactoring.families import family_of
from mcp_tools.types.codebase import CodebaseView
from tests.support.codebases import codebase_of

_FILES = {
    "ports.py": (
        "from typing import Protocol\n"
        "class Closing(Protocol):\n    def close(self) -> None: ...\n"
        "class Sink(Closing, Protocol):\n"
        "    @property\n    def name(self) -> str: ...\n"
        "    def put(self, item, *, label=None): ...\n"
    ),
    "disk.py": (
        "class Base:\n    def close(self): ...\n"
        "class Disk(Base):\n    name = 'disk'\n    def put(self, item): ...\n"
        "class Tape:\n    def put(self, item): ...\n    def close(self): ...\n"
        "class Box:\n    name = 'box'\n    def put(self, thing): ...\n    def close(self): ...\n"
    ),
    "use.py": "from ports import Sink\ndef store(sink: Sink): sink.put(1)\n",
}


@pytest.fixture
def codebase(tmp_path: Path) -> CodebaseView:
    return codebase_of(_FILES, tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sink", ["disk.py:Disk"]),
        ("Sink/put", ["disk.py:Disk/put"]),
        ("Closing", ["disk.py:Base", "disk.py:Tape", "disk.py:Box", "ports.py:Sink"]),
    ],
)
def test_a_class_with_every_member_implements_a_protocol(
    codebase: CodebaseView, name: str, expected: list[str]
) -> None:
    found = implementations(codebase, locate(codebase, name))
    assert [f"{item.file}:{item.path}" for item in found.items] == expected


def test_a_call_of_a_protocols_method_may_reach_what_fits(codebase: CodebaseView) -> None:
    called = outgoing(codebase, locate(codebase, "store"))
    assert [call.item.path for call in called.calls] == ["Disk/put", "Sink/put"]
    callers = incoming(codebase, locate(codebase, "Disk/put"))
    assert [call.item.path for call in callers.calls] == ["store"]
    assert not incoming(codebase, locate(codebase, "Box/put")).calls


def test_a_protocol_of_one_member_leads_calls_nowhere(tmp_path: Path) -> None:
    use = "from ports import Closing\ndef end(it: Closing): it.close()\n"
    codebase = codebase_of({**_FILES, "use.py": use}, tmp_path)
    called = outgoing(codebase, locate(codebase, "end"))
    assert [call.item.path for call in called.calls] == ["Closing/close"]


def test_what_a_protocol_promises_is_not_dead(codebase: CodebaseView) -> None:
    dead = {symbol.item.path for symbol in dead_symbols(codebase, "disk.py").symbols}
    assert "Disk/put" not in dead
    assert {"Tape/put", "Box/put"} <= dead


def test_a_protocols_method_and_what_fits_keep_one_name(codebase: CodebaseView) -> None:
    family = family_of(codebase, locate(codebase, "Disk/put"))
    assert [each.file for each in family] == ["disk.py", "ports.py"]
