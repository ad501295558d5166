"""Mutable defaults that the checker does not repair."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        (
            "def f(x=<<[]>>): return x\n",
            "def f(x=None):\n    if x is None:\n        x = []\n    return x\n",
        ),
        (
            "if 1:\n\tdef f(*, x=<<{}>>):\n\t\t'doc'\n\t\treturn x\n",
            "if 1:\n\tdef f(*, x=None):\n\t\t'doc'\n"
            "\t\tif x is None:\n\t\t\tx = {}\n\t\treturn x\n",
        ),
        (
            "def f(a, x=<<[]>>):\r\n    return x\r\n",
            "def f(a, x=None):\r\n    if x is None:\r\n        x = []\r\n    return x\r\n",
        ),
    ],
)
def test_a_mutable_default_is_created_inside(marked: str, after: str) -> None:
    check("mutable_default", problem(marked, "B006"), after)


@pytest.mark.parametrize("marked", ["f = lambda x=<<[]>>: x\n", "def f(x=<<[]>>): 'doc'\n"])
def test_a_default_without_a_body_to_go_to_is_refused(marked: str) -> None:
    refuse("mutable_default", problem(marked, "B006"))
