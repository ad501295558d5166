"""Names in methods that lack their `self`."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse

_INIT = "    def __init__(self):\n        self.size = 1\n\n"


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        (
            f"class A:\n{_INIT}    def f(self):\n        return <<size>>\n",
            f"class A:\n{_INIT}    def f(self):\n        return self.size\n",
        ),
        (
            "class A:\n    def g(self): ...\n    def f(self):\n        <<g>>()\n",
            "class A:\n    def g(self): ...\n    def f(self):\n        self.g()\n",
        ),
        (
            "class A:\n    n = 1\n    @classmethod\n    def f(cls):\n        return <<n>>\n",
            "class A:\n    n = 1\n    @classmethod\n    def f(cls):\n        return cls.n\n",
        ),
        (
            f"class A:\n{_INIT}\n\nclass B(A):\n    def f(self):\n        return <<size>>\n",
            f"class A:\n{_INIT}\n\nclass B(A):\n    def f(self):\n        return self.size\n",
        ),
        (
            "class A:\n    def f():\n        return <<self>>.x\n",
            "class A:\n    def f(self):\n        return self.x\n",
        ),
        (
            "class A:\n    async def f( a, b):\n        return <<self>>.x\n",
            "class A:\n    async def f(self,  a, b):\n        return self.x\n",
        ),
    ],
)
def test_self_is_added(marked: str, after: str) -> None:
    check("missing_self", problem(marked, "F821"), after)


@pytest.mark.parametrize(
    "marked",
    [
        "class A:\n    @staticmethod\n    def f():\n        return <<self>>.x\n",
        "class A:\n    @classmethod\n    def f(cls):\n        return <<self>>.x\n",
        "class A:\n    @wrapped\n    def f():\n        return <<self>>.x\n",
        f"class A:\n{_INIT}    @staticmethod\n    def f():\n        return <<size>>\n",
        f"class A:\n{_INIT}    @classmethod\n    def f(cls):\n        return <<size>>\n",
        f"class A:\n{_INIT}    def f(self):\n        return <<other>>\n",
        f"class A:\n{_INIT}    x = <<size>>\n",
        "def f():\n    return <<self>>.x\n",
    ],
)
def test_where_there_is_no_instance_it_is_refused(marked: str) -> None:
    refuse("missing_self", problem(marked, "F821"))
