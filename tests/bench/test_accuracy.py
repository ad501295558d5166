"""The table of accuracy counts against what servers agree on, and reads kept answers."""

from pathlib import Path

from bench.accuracy import report
from bench.agreement import Place, Subject
from bench.referring import Answers, ask_ours
from tests.support.codebases import codebase_of

FILES = {
    "a.py": 'def make(): ...\nmake()\n"😀"; make()\n',
    "b.py": "from a import make as build\nbuild()\nother.make()\n",
}
SUBJECT = Subject("function", "make", Place("a.py", 0, 4))
TRUE = (SUBJECT.place, Place("a.py", 1, 0), Place("a.py", 2, 6), Place("b.py", 0, 14))


def test_our_answer_has_the_places_in_utf_16_units(tmp_path: Path) -> None:
    answers = ask_ours(codebase_of(FILES, tmp_path), [SUBJECT])
    assert set(TRUE) <= answers[SUBJECT]
    assert Place("b.py", 2, 6) not in answers[SUBJECT]


def test_the_table_has_a_line_for_each_kind_and_each_server() -> None:
    lines = list(report([SUBJECT], _answer(*TRUE[:3]), _servers()))
    assert [line.split()[0] for line in lines[1:-1]] == ["lsp-agent"] * 4 + ["ty", "pyrefly", "b"]


def test_the_figures_are_against_two_of_three_and_against_all_three() -> None:
    lines = list(report([SUBJECT], _answer(*TRUE[:3]), _servers()))
    assert lines[1].split() == [
        "lsp-agent",
        "function",
        "4",
        "1.0000",
        "0.7500",
        "0.6667",
        "1.0000",
    ]
    assert lines[-1] == "goal: 0.98 each, missed"


def _servers() -> dict[str, Answers]:
    return {"ty": _answer(*TRUE), "pyrefly": _answer(*TRUE), "b": _answer(*TRUE[:2])}


def _answer(*places: Place) -> Answers:
    return {SUBJECT: frozenset(places)}
