"""Undefined names that are slips of the fingers."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse


@pytest.mark.parametrize(
    ("marked", "meant"),
    [
        ("def f(length):\n    return <<lenght>>\n", "length"),
        ("def f(names):\n    return [n for n in <<nmaes>>]\n", "names"),
        ("def f(names):\n    return [<<nmae>> for name in names]\n", "name"),
        ("def f(total):\n    return lambda x: x + <<totl>>\n", "total"),
        ("VALUE = 1\n\n\ndef f():\n    return <<VALEU>>\n", "VALUE"),
        ("def f(x):\n    return <<lne>>(x)\n", "len"),
        ("def f(x):\n    <<pritn>>(x)\n", "print"),
        ("try:\n    pass\nexcept <<ValueEror>>:\n    pass\n", "ValueError"),
        ("x = <<Flase>>\n", "False"),
        ("class A:\n    width = 1\n    double = <<widht>> * 2\n", "width"),
        (
            "def outer(count):\n    def inner():\n        return <<cuont>>\n    return inner\n",
            "count",
        ),
        ("def f(größe):\n    return <<grßöe>>\n", "größe"),
        ("def f(user_name):\n    return <<username>>\n", "user_name"),
        ("def f(max_value):\n    return <<max_vlaue>>\n", "max_value"),
        ("def f(parameters):\n    return <<paramters>>\n", "parameters"),
        (
            "def f():\n    for item in ():\n        print(<<reslt>>)\n        result = item\n",
            "result",
        ),
        ("def f(length):\r\n\treturn ('😀', <<lenght>>)\r\n", "length"),
    ],
)
def test_a_slip_is_corrected_to_the_only_name_that_it_can_be(marked: str, meant: str) -> None:
    before, _, rest = marked.partition("<<")
    after = rest.partition(">>")[2]
    check("typo", problem(marked, "F821"), f"{before}{meant}{after}")


@pytest.mark.parametrize(
    "marked",
    [
        "def f(counta, countb):\n    return <<countx>>\n",
        "def f(min_value):\n    return <<max_value>>\n",
        "def f(item1):\n    return <<item2>>\n",
        "def f(items):\n    return <<item>>\n",
        "def f(x):\n    return <<y>>\n",
        "def f(x):\n    return <<text>>\n",
        "def f(x):\n    return <<last>>[0]\n",
        "<<main>>()\n",
        "def f(node):\n    return <<mode>>\n",
        "def f(parameters):\n    return <<arguments>>\n",
        # The class's names are not seen from its methods.
        "class A:\n    width = 1\n    def f(self):\n        return <<widht>>\n",
        # Bound only further down.
        "def f():\n    print(<<reslt>>)\n    result = 1\n    return result\n",
        "def f():\n    for entry in <<entrys>>:\n        pass\n",
        # A comprehension's target is not seen outside, nor in its own first iterable.
        "def f(x):\n    y = [value for value in x]\n    return <<valeu>>\n",
        "def f():\n    return [value for value in <<valeu>>]\n",
        # Another function knows the name, so it is a real one.
        "def f(lenght):\n    pass\n\n\ndef g(length):\n    return <<lenght>>\n",
        # The text does not parse.
        "def f(length):\n    return <<lenght>>\n(\n",
    ],
)
def test_a_guess_is_refused(marked: str) -> None:
    refuse("typo", problem(marked, "F821"))


def test_another_problem_of_the_same_place_is_not_ours() -> None:
    refuse("typo", problem("def f(length):\n    return <<lenght>>\n", "F841"))
