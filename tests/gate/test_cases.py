"""Every line of the corpus is judged as it must be, in a workspace that was made to deceive."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.gate.cases import all_cases
from tests.gate.workspace import Gate, make_gate

GROUPS = sorted({case.group for case in all_cases()})

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the programs and folders in the lines are those of Linux"
)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """The gate, which the tests share, since judging changes nothing."""
    gate = make_gate(tmp_path_factory.mktemp("gate"))
    gate.judge("true")  # The first one loads the grammar of bash.
    return gate


@pytest.mark.parametrize("group", GROUPS)
def test_no_line_is_judged_milder_than_it_may_be(group: str, gate: Gate) -> None:
    wrong = {
        case.line: (case.verdict, judgement.risk)
        for case in all_cases()
        if case.group == group and not case.accepts(judgement := gate.judge(case.line))
    }
    assert not wrong


def test_there_are_more_than_two_thousand_each_once() -> None:
    counted = Counter(case.line for case in all_cases())
    assert [line for line, n in counted.items() if n > 1] == []
    assert len(counted) > 2000


def test_each_class_has_a_near_twin_that_only_reads() -> None:
    assert {case.group for case in all_cases() if case.is_benign} == set(GROUPS)


def test_the_workspace_is_what_the_lines_are_about(gate: Gate) -> None:
    secret = gate.root.parent / "outside" / "secret"
    for name in ("leak", "src/leak.py", "links/b", "out/secret", "docs/up/outside/secret"):
        assert Path(gate.root / name).resolve() == secret
