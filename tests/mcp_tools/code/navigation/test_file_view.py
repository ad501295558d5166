"""What stands around an offset."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.types.facts import NONE
from mcp_tools.types.text import Place
from tests.support.codebases import codebase_of

_TEXT = """\
top = 1
@deco
def outer(x=default):
    before
    class Local(base):
        body
        def method(self): inside
        @property
        def prop(self): reading
    after
last
"""


@pytest.fixture
def view(tmp_path: Path) -> FileView:
    found = view_file(codebase_of({"a.py": _TEXT}, tmp_path), "a.py")
    assert found is not None
    return found


def _path(view: FileView, symbol: int) -> str:
    return "" if symbol == NONE else view.path(symbol)


@pytest.mark.parametrize(
    ("text", "around", "caller"),
    [
        ("top", "", ""),
        ("deco", "outer", ""),
        ("default", "outer", ""),
        ("before", "outer", "outer"),
        ("base", "outer/Local", "outer"),
        ("body", "outer/Local", "outer"),
        ("inside", "outer/Local/method", "outer/Local/method"),
        ("property", "outer/Local/prop", "outer"),
        ("reading", "outer/Local/prop", "outer/Local/prop"),
        ("after", "outer", "outer"),
        ("last", "", ""),
    ],
)
def test_blocks_and_callers(view: FileView, text: str, around: str, caller: str) -> None:
    offset = _TEXT.index(text)
    assert _path(view, view.around(offset)) == around
    assert _path(view, view.caller(offset)) == caller


def test_places_and_offsets_are_inverse(view: FileView) -> None:
    for offset in range(len(_TEXT)):
        assert view.offset(view.place(offset)) == offset
    assert view.offset(Place(999, 0)) == len(_TEXT)


def test_a_name_has_its_span(view: FileView) -> None:
    (term,) = view.facts.occurrences("inside")
    span = view.name_span(term)
    assert _TEXT[span.start : span.end] == view.name(term) == "inside"


def test_no_file_has_no_view(tmp_path: Path) -> None:
    assert view_file(codebase_of({}, tmp_path), "a.py") is None
