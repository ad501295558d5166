"""Functions that promise a value and give none."""

import ast
from pathlib import Path

import pytest

from mcp_tools.code.checks.missing_return import missing_returns
from mcp_tools.types.documents import Document


def flagged(text: str, name: str = "a.py") -> list[str]:
    document = Document(path=Path("/project") / name, text=text)
    items = missing_returns(document, ast.parse(text))
    return [text[item.span.start : item.span.end] for item in items]


@pytest.mark.parametrize(
    "text",
    [
        "def broken() -> int:\n    x = 1\n",
        "async def broken() -> 'list[int]':\n    await g()\n",
        "class A:\n    @property\n    def broken(self) -> str:\n        self.x = 1\n",
        "def broken() -> str:\n    return\n",
        "def broken() -> bool:\n    if x:\n        raise E\n    g()\n",
        "def broken() -> int:\n    while True:\n        break\n",
        "def broken() -> int:\n    while x:\n        pass\n",
        "def broken() -> int:\n    def inner():\n        return 1\n    inner()\n",
        "def broken() -> int:\n    with a:\n        g()\n",
        "é = '😀'\ndef broken() -> int: é = 2\n",
    ],
)
def test_a_function_without_its_value_is_found(text: str) -> None:
    assert flagged(text) == ["broken"]


@pytest.mark.parametrize(
    "text",
    [
        "def f() -> None:\n    x = 1\n",
        "def f():\n    x = 1\n",
        "def f() -> int:\n    if x:\n        return 1\n",
        "def f() -> int | None:\n    x = 1\n",
        "def f() -> 'Optional[int]':\n    x = 1\n",
        "def f() -> NoReturn:\n    g()\n",
        "def f() -> Any:\n    g()\n",
        "def f() -> 'not a type':\n    g()\n",
        "def f() -> Iterator[int]:\n    yield 1\n",
        "def f() -> int: ...\n",
        'def f() -> int:\n    """Doc."""\n',
        "def f() -> int:\n    pass\n",
        "def f() -> int:\n    raise NotImplementedError\n",
        "def f() -> int:\n    g()\n    raise E\n",
        "def f() -> int:\n    while True:\n        g()\n",
        "def f() -> int:\n    if x:\n        raise A\n    else:\n        sys.exit(1)\n",
        "def f() -> int:\n    try:\n        g()\n    except E:\n        raise\n",
        "def f() -> int:\n    g()\n    assert False\n",
        "@abstractmethod\ndef f() -> int:\n    g()\n",
        "@overload\ndef f() -> int:\n    g()\n",
        "@unknown\ndef f() -> int:\n    g()\n",
        "class P(Protocol[T]):\n    def f(self) -> int:\n        g()\n",
    ],
)
def test_a_function_that_may_be_right_is_left_alone(text: str) -> None:
    assert flagged(text) == []


def test_stub_files_are_left_alone() -> None:
    assert flagged("def f() -> int:\n    x = 1\n", "a.pyi") == []
