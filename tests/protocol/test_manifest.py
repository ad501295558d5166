"""The manifest and the tests that prove it: neither has what the other has not."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.behaviour import SPECIFICATION
from tests.protocol.manifest import BEHAVIOURS

ROOT = Path(__file__).parents[2]
MARK = "pytest.mark.protocol"


def _files() -> Iterator[Path]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "protocol" in path.parts or "mcp_tools" in path.parts or "conformance" in path.parts:
            yield path


def _marks(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Give each function that is marked, with the behaviours that it is said to prove."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == MARK:
                names = [ast.literal_eval(argument) for argument in decorator.args]
                yield node.name, [str(name) for name in names]


@pytest.fixture(scope="module")
def proofs() -> dict[str, list[str]]:
    """Tests by the behaviour that they prove."""
    found: dict[str, list[str]] = {}
    for path in _files():
        text = path.read_text(encoding="utf-8")
        if MARK not in text:
            continue
        tree = ast.parse(text)
        marks = list(_marks(tree))
        # A mark anywhere else, such as in `pytestmark`, would prove nothing in particular.
        assert text.count(f"{MARK}(") - text.count(f'"{MARK}(') >= len(marks)
        for test, names in marks:
            assert test.startswith("test_"), f"{path.name}: {test} is no test"
            assert names, f"{path.name}: {test} names nothing"
            for name in names:
                found.setdefault(name, []).append(f"{path.relative_to(ROOT)}::{test}")
    return found


def test_every_behaviour_is_proved_by_a_test(proofs: dict[str, list[str]]) -> None:
    assert [each.name for each in BEHAVIOURS if each.name not in proofs] == []


def test_every_mark_names_a_behaviour(proofs: dict[str, list[str]]) -> None:
    known = {each.name for each in BEHAVIOURS}
    assert {name: tests for name, tests in proofs.items() if name not in known} == {}


def test_each_behaviour_has_one_name_one_sentence_and_its_pages() -> None:
    assert [name for name, n in Counter(each.name for each in BEHAVIOURS).items() if n > 1] == []
    for each in BEHAVIOURS:
        assert each.sentence.endswith("."), each.name
        assert each.pages, each.name
        assert all(link.startswith(f"{SPECIFICATION}/20") for link in each.links)
