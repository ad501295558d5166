"""Syntax errors that have one answer."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import candidates, check, problem, refuse

_RULES = ("missing_colon", "condition_equals", "print_statement", "unclosed_bracket")


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("missing_colon", "def f(x)\n    pass\n", "def f(x):\n    pass\n"),
        ("missing_colon", "class A\n    pass\n", "class A:\n    pass\n"),
        ("missing_colon", "if x  # why\n    pass\n", "if x:  # why\n    pass\n"),
        (
            "missing_colon",
            "if x:\n    pass\nelse\n    pass\n",
            "if x:\n    pass\nelse:\n    pass\n",
        ),
        (
            "missing_colon",
            "try\n    f()\nfinally:\n    g()\n",
            "try:\n    f()\nfinally:\n    g()\n",
        ),
        ("missing_colon", "with f() as g\r\n    pass\r\n", "with f() as g:\r\n    pass\r\n"),
        ("missing_colon", "def f(\n    x,\n)\n    pass\n", "def f(\n    x,\n):\n    pass\n"),
        ("missing_colon", "for x in '#'\n    pass\n", "for x in '#':\n    pass\n"),
        ("condition_equals", "if x = 1:\n    pass\n", "if x == 1:\n    pass\n"),
        ("condition_equals", "while f(a=1).x = 2:\n    pass\n", None),
        ("condition_equals", "if x == 1 and y = '=':\n    pass\n", None),
        ("print_statement", 'print "a"\n', 'print("a")\n'),
        ("print_statement", 'if x:\n\tprint "é", x # z\n', 'if x:\n\tprint("é", x) # z\n'),
        ("print_statement", 'print "a" % 1\nprint 2\n', 'print("a" % 1)\nprint(2)\n'),
        ("unclosed_bracket", "print('a'\nx = 1\n", "print('a')\nx = 1\n"),
        ("unclosed_bracket", "x = f(a, b\ny = 1\n", "x = f(a, b)\ny = 1\n"),
        ("unclosed_bracket", "x = [1, 2\ny = 1\n", "x = [1, 2]\ny = 1\n"),
        ("unclosed_bracket", "x = {'a': 1  # why\n", "x = {'a': 1}  # why\n"),
    ],
)
def test_one_answer_is_given(rule: str, before: str, after: str | None) -> None:
    one = problem(before + "<<>>", "syntax-error")
    if after is None:
        assert len(candidates(rule, one)) <= 1
    else:
        check(rule, one, after)


@pytest.mark.parametrize(
    "before",
    [
        "x = (1 + 2 * 3\n",
        "x = int(input('a') + 1\n",
        "print 'a',\n",
        "print >>f, 'a'\n",
        "def f(x)\n    pass\ndef g(x)\n    pass\n",
        "x = 'abc\n",
        "x = = 1\n",
        "if x = 1 and (:\n    pass\n",
        "x = f(\n    1,\n",
    ],
)
def test_several_answers_or_none_are_refused(before: str) -> None:
    for rule in _RULES:
        refuse(rule, problem(before + "<<>>", "syntax-error"))


def test_other_problems_are_not_about_syntax() -> None:
    for rule in _RULES:
        refuse(rule, problem("def f(x)\n    pass\n<<>>", "F821"))
