"""Undefined names of other files of the workspace."""

import pytest

from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse

_USE = "x = <<Basket>>()\n"
_CLASS = "class Basket:\n    pass\n"


@pytest.mark.parametrize(
    ("path", "files", "statement"),
    [
        ("app.py", {"core.py": _CLASS}, "from core import Basket"),
        ("app.py", {"core.py": "Basket = dict\n"}, "from core import Basket"),
        ("src/app.py", {"src/core.py": _CLASS}, "from core import Basket"),
        (
            "src/shop/app.py",
            {"src/shop/__init__.py": "", "src/shop/core.py": _CLASS},
            "from shop.core import Basket",
        ),
        (
            "back/shop/app.py",
            {"back/shop/__init__.py": "", "back/shop/core.py": _CLASS},
            "from shop.core import Basket",
        ),
        (
            "shop/app.py",
            {
                "shop/__init__.py": "from .core import Basket\n",
                "shop/core.py": _CLASS,
            },
            "from shop.core import Basket",
        ),
        (
            "a.py",
            {"b.py": "import numpy as Basket\n"},
            "import numpy as Basket",
        ),
        (
            "a.py",
            {"b.py": "from store import (Basket, Shelf)\n"},
            "from store import Basket",
        ),
        ("a.py", {"core.py": _CLASS, "tests/core.py": _CLASS}, "from core import Basket"),
        (
            "a.py",
            {"core.py": _CLASS, "tests/test_core.py": "from core import Basket\n"},
            "from core import Basket",
        ),
    ],
)
def test_the_only_module_is_imported(path: str, files: dict[str, str], statement: str) -> None:
    one = problem(_USE, "F821", path=path)
    check("workspace_import", one, f"{statement}\n\n{one.text}", files)


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("a.py", {}),
        ("a.py", {"one.py": _CLASS, "two.py": _CLASS}),
        ("a.py", {"b.py": "from one import Basket\n", "c.py": "from two import Basket\n"}),
        ("a.py", {"a.py": "def f():\n    pass\nclass Basket: ...\n"}),
        ("a.py", {"tests/core.py": _CLASS}),
        ("a.py", {"scripts/core.py": _CLASS}),
        ("a.py", {"core.py": f"from a import x\n{_CLASS}"}),
        ("a.py", {"core.py": f"import a\n{_CLASS}"}),
        ("a.py", {"core.py": "    class Basket:\n"}),
        ("a.py", {"core-2.py": _CLASS}),
        (
            "shop/app.py",
            {"shop/__init__.py": "", "shop/core.py": f"from . import app\n{_CLASS}"},
        ),
    ],
)
def test_doubt_refuses(path: str, files: dict[str, str]) -> None:
    refuse("workspace_import", problem(_USE, "F821", path=path), files)


def test_a_file_that_imports_its_package_relatively_goes_on_so() -> None:
    one = problem("from .base import thing\n\nx = <<Basket>>(thing)\n", "F821", path="s/app.py")
    files = {"s/__init__.py": "", "s/core.py": _CLASS, "s/base.py": "thing = 1\n"}
    after = "from .base import thing\nfrom .core import Basket\n\nx = Basket(thing)\n"
    check("workspace_import", one, after, files)


def test_a_test_may_import_from_tests() -> None:
    one = problem(_USE, "F821", path="tests/test_a.py")
    files = {"tests/__init__.py": "", "tests/core.py": _CLASS}
    check("workspace_import", one, "from tests.core import Basket\n\nx = Basket()\n", files)
