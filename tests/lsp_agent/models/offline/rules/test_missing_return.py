"""Functions that promise a value and do not return it."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("def <<f>>(a) -> int:\n    b = a\n", "def f(a) -> int:\n    b = a\n    return b\n"),
        ("def <<f>>(a) -> int:\n    b = a", "def f(a) -> int:\n    b = a\n    return b\n"),
        ("def <<f>>(a) -> int:\n    a += 1\n", "def f(a) -> int:\n    a += 1\n    return a\n"),
        ("def <<f>>(a) -> int:\r\n\ta + 1\r\n", "def f(a) -> int:\r\n\treturn a + 1\r\n"),
        (
            "class A:\n  def <<f>>(self) -> int:\n    b = (\n      1\n    )\n\nx = 1\n",
            "class A:\n  def f(self) -> int:\n    b = (\n      1\n    )\n    return b\n\nx = 1\n",
        ),
    ],
)
def test_a_missing_return_is_added(marked: str, after: str) -> None:
    check("missing_return", problem(marked, "missing-return"), after)


@pytest.mark.parametrize(
    "marked",
    [
        "def <<f>>(a) -> int:\n    g(a)\n",
        "def <<f>>(a) -> int:\n    a.b = 1\n",
        "def <<f>>(a) -> int:\n    b, c = a\n",
        "def <<f>>(a) -> int:\n    global b\n    b = a\n",
        "def <<f>>(a) -> int:\n    if a:\n        return 1\n    b = a\n",
        "def <<f>>(a) -> int:\n    for b in a:\n        c = b\n",
        "def <<f>>(a) -> int: b = a\n",
        "def <<f>>(a) -> int:\n    'text'\n",
    ],
)
def test_an_unclear_return_is_refused(marked: str) -> None:
    refuse("missing_return", problem(marked, "missing-return"))
