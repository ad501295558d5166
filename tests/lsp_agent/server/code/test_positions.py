"""Columns of many files in the units of the client."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.code.positions import Positions
from lsp_agent.server.code.wide_lines import WideLines
from mcp_tools.types.text import Place
from tests.support.codebases import codebase_of

Encoding = lsp.PositionEncodingKind
TEXT = 'x = 1\nnote = "𝄞é"; area = 1\n'


@pytest.mark.parametrize(
    ("encoding", "start"), [(Encoding.Utf8, 17), (Encoding.Utf16, 14), (Encoding.Utf32, 13)]
)
def test_a_name_is_counted_in_the_units_of_the_client(
    tmp_path: Path, encoding: Encoding, start: int
) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    positions = Positions(codebase, encoding, WideLines(encoding))
    place = Place(1, TEXT.split("\n")[1].index("area"))
    assert positions.name_range("a.py", place, 4) == {
        "start": {"line": 1, "character": start},
        "end": {"line": 1, "character": start + 4},
    }


def test_a_place_beyond_the_text_and_one_in_a_lost_file_are_given_as_they_are(
    tmp_path: Path,
) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    positions = Positions(codebase, Encoding.Utf16, WideLines(Encoding.Utf16))
    assert positions.position("a.py", Place(9, 3)) == {"line": 9, "character": 3}
    assert positions.position("gone.py", Place(0, 3)) == {"line": 0, "character": 3}
