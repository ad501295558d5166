"""Strings that lack their `f`."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        (
            "def f():\n    <<n>> = 1\n    return 'a {n}'\n",
            "def f():\n    n = 1\n    return f'a {n}'\n",
        ),
        (
            "def f(k):\n    <<n>> = 1\n    print(k, r'{n:>3}')\n",
            "def f(k):\n    n = 1\n    print(k, fr'{n:>3}')\n",
        ),
    ],
)
def test_a_forgotten_prefix_is_added(marked: str, after: str) -> None:
    check("missing_fstring", problem(marked, "F841"), after)


@pytest.mark.parametrize(
    "marked",
    [
        "def f():\n    <<n>> = 1\n    return 'a {n}'.format(n=2)\n",
        "def f():\n    <<n>> = 1\n    return 'a {n} {other}'\n",
        "def f():\n    <<n>> = 1\n    return g('a {n}')\n",
        "def f():\n    <<n>> = 1\n    print('{n}')\n    return '{n}'\n",
        "def f():\n    <<n>> = 1\n    return b'{n}'\n",
        "def f():\n    <<n>> = 1\n    return 'a' '{n}'\n",
        "def f():\n    <<n>> = 1\n    return 'a {n'\n",
    ],
)
def test_a_template_stays_a_template(marked: str) -> None:
    refuse("missing_fstring", problem(marked, "F841"))
