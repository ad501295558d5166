"""Signatures are one line, as they are written."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.signature import MAX_CHARS, one_line, signature_of
from tests.support.codebases import codebase_of


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(a, b)", "def f(a, b)"),
        ("def f(\n    a,\n    b,\n)", "def f(a, b)"),
        ("def f(\n    a,  # one, (two)\n    b='# no  comment',\n)", "def f(a, b='# no  comment')"),
        ("x = [\r\n  1,\r\n]", "x = [1]"),
        ("x = 'a' \\\n    'b'", "x = 'a' 'b'"),
    ],
)
def test_code_becomes_one_line(code: str, expected: str) -> None:
    assert one_line(code) == expected


def test_a_long_line_is_cut() -> None:
    assert len(one_line("x = " + "1 + " * 500)) == MAX_CHARS


def test_decorators_that_matter_are_shown(tmp_path: Path) -> None:
    text = (
        "class A:\n"
        "    @app.route('/')\n    @staticmethod\n    def f(): ...\n"
        "    @p.setter\n    def p(self, x): ...\n"
        "@dataclass(frozen=True)\nclass D(A, metaclass=M): ...\n"
    )
    codebase = codebase_of({"a.py": text}, tmp_path)
    found = [signature_of(codebase, "a.py", symbol) for symbol in range(4)]
    assert found == [
        "class A",
        "@staticmethod def f()",
        "@p.setter def p(self, x)",
        "@dataclass class D(A, metaclass=M)",
    ]


def test_a_huge_value_is_cut(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": f"TABLE = [{'1, ' * 10_000}]\n"}, tmp_path)
    assert len(signature_of(codebase, "a.py", 0)) == MAX_CHARS


def test_no_file_has_no_signature(tmp_path: Path) -> None:
    assert signature_of(codebase_of({"a.py": ""}, tmp_path), "b.py", 0) == ""
