"""Jedi is asked for one type, in its own time."""

from pathlib import Path

import pytest

from mcp_tools.code.checks.jedi_oracle import JediOracle
from mcp_tools.types.documents import Document

TEXT = """\
import re
from collections import Counter

counts = Counter("abc")
kinds = Counter
match = re.compile("a").match("a")
either = 1 if counts else "one"
broken = nowhere.to_be_found
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("counts", "Counter"),
        ("kinds", "type[Counter]"),
        ("either", ""),
        ("broken", ""),
        ("re", ""),
    ],
)
def test_a_type_is_told_as_an_annotation_would(tmp_path: Path, name: str, expected: str) -> None:
    document = Document(path=tmp_path / "a.py", text=TEXT)
    oracle = JediOracle(tmp_path, patience_s=30.0)
    assert oracle.type_at(document, TEXT.index(name)) == expected
    oracle.close()


def test_an_answer_that_is_late_is_there_the_next_time(tmp_path: Path) -> None:
    document = Document(path=tmp_path / "a.py", text=TEXT)
    offset = TEXT.index("counts")
    impatient = JediOracle(tmp_path, patience_s=0.0)
    # Now and then jedi has its answer before the question can be given up.
    assert impatient.type_at(document, offset) in {"", "Counter"}
    impatient.wait()
    assert impatient.type_at(document, offset) == "Counter"
    impatient.close()


def test_only_the_last_answers_are_remembered(tmp_path: Path) -> None:
    document = Document(path=tmp_path / "a.py", text=TEXT)
    oracle = JediOracle(tmp_path, patience_s=30.0, n_remembered=1)
    for name in ("counts", "kinds", "counts"):
        assert oracle.type_at(document, TEXT.index(name))
    oracle.close()
