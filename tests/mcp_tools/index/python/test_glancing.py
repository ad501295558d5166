"""A glance tells what all facts tell, or nothing."""

from bisect import bisect_right

import pytest

from mcp_tools.index.python.extraction import extract
from mcp_tools.index.python.glancing import glance
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.types.facts import MODULE_SCOPE, BindingKind, Op
from mcp_tools.types.glances import Glance

_GLANCED = [
    "from m import (\n    other,\n    name,  # and why\n)\nname()\n",
    "from .p. q import name\n@name(a=1)\ndef f(): ...\n",
    "from . import name\n@name\nclass A(name, metaclass=M): ...\n",
    "from ..p import name\nif a:\n    with name(1), b as c:\n        return [name, (name, 2)]\n",
    "try:\n    from m import name\nexcept ImportError:\n    pass\nx = name\n",
    "from m import name\nnames = my_name = name2\nf(x=name, *name, **{name: name})\n",
    "from m import name\ndef f(a: name, b: name | None = name) -> name[int]:\n    '''Of name.'''\n",
    "from m import name\nx: name = name.y[name] + -name if name else not name\n",
    "from m import name\nfor x in name(y):\n    raise name from name\n",
    "from m import name\nexcept_ = 1\ntry: ...\nexcept name: ...\n",
    'from m import name\nx = f"é{name}" # name\né = name\n',
    "from m import name\r\n\r\nname()\rname()\n",
    "from m import name\nclass A:\n    x = name\n    def f(self): return lambda: name(self)\n",
    "from m import name\nx[name] = name\nname.x = 1\nawait name\nassert name == 1\n",
]
_NOT_GLANCED = [
    "name()\n",
    "import name\nname()\n",
    "import m.name\nname()\n",
    "from name import x\n",
    "from m.name import name\n",
    "from m import x as name\nname()\n",
    "from m import name as x\nname\n",
    "from m import name\nfrom n import name\n",
    "def f():\n    from m import name\n    name()\n",
    "class A:\n    from m import name\n",
    "from m import *\nname()\n",
    "from m import name\nname = 1\n",
    "from m import name\nname += 1\n",
    "from m import name\nname: int\n",
    "from m import name\nx = y = name = 1\n",
    "from m import name\n(name) = 1\n",
    "from m import name\n[name, x] = y\n",
    "from m import name\na, name = y\n",
    "from m import name\nf(name=1)\n",
    "from m import name\nx.name()\n",
    "from m import name\nx. \\\n  name()\n",
    "from m import name\nif (name := 1): ...\n",
    "from m import name\nfor name in x: ...\n",
    "from m import name\n[name for name in x]\n",
    "from m import name\nwith x as name: ...\n",
    "from m import name\nwith x as (name, y): ...\n",
    "from m import name\ntry: ...\nexcept X as name: ...\n",
    "from m import name\ndef name(): ...\n",
    "from m import name\nclass name: ...\n",
    "from m import name\ndef f(name): ...\n",
    "from m import name\ndef f(a, *name): ...\n",
    "from m import name\ndef f(a, name: int = 1): ...\n",
    "from m import name\nlambda name: 1\n",
    "from m import name\nlambda a, name=2: 1\n",
    "from m import name\ndef f():\n    global name\n",
    "from m import name\ndel name\n",
    "from m import name\ndel (x, name)\n",
    "from m import name\ntype name = int\n",
    "from m import name\ntype name \\\n  = int\n",
    "from m import name\ndef f[name](): ...\n",
    "from m import name\nmatch x:\n    case name: ...\n",
    "from m import name\nmatch x:\n    case A(name=1): ...\n",
    "from m import name\nmatch x:\n    case [*name]: ...\n",
    "from m import name\n__all__ = ['name']\n",
    "from m import name\ndef f(x: 'name'): ...\n",
    "from m import name\nname(\n",
    "from m import name\ndef f(: ...\n",
    "",
]


def _places(text: str, name: str) -> tuple[tuple[int, int], ...]:
    """Give the places that the facts have, after a look that they all mean the one import."""
    facts = extract(text)
    scopes = FileScopes("a.py", facts)
    terms = facts.occurrences(name)
    (binding,) = scopes.bindings(MODULE_SCOPE, name)
    assert binding.kind == BindingKind.IMPORT
    for term in terms:
        is_import = facts.ops[term] == Op.IMPORTED and term == binding.value
        assert is_import or scopes.scope_of(term) == MODULE_SCOPE
    starts = sorted({facts.starts[term] for term in terms})
    lines = [bisect_right(facts.line_starts, start) - 1 for start in starts]
    return tuple(
        (line, start - facts.line_starts[line]) for line, start in zip(lines, starts, strict=True)
    )


@pytest.mark.parametrize("text", _GLANCED)
def test_a_glance_gives_the_places_that_the_facts_give(text: str) -> None:
    found = glance(text, "name")
    assert found is not None
    assert found.places == _places(text, "name")


@pytest.mark.parametrize("text", _NOT_GLANCED)
def test_a_glance_gives_up_where_the_name_may_mean_something_else(text: str) -> None:
    assert glance(text, "name") is None


@pytest.mark.parametrize("module", ["m", "p.q.m", ".", "..", ".m", "...p.m"])
def test_the_module_is_given_as_it_is_written(module: str) -> None:
    assert glance(f"from {module} import a, name\n", "name") == Glance(
        module, ((0, len(f"from {module} import a, ")),)
    )


def test_columns_count_code_points() -> None:
    found = glance("from m import name\nf('😀é', name)\n", "name")
    assert found is not None
    assert found.places == ((0, 14), (1, 8))


@pytest.mark.parametrize("name", ["ñame", "na me", "na\nme", "", "\ud800"])
def test_a_name_with_other_letters_than_ascii_is_not_glanced_at(name: str) -> None:
    assert glance(f"from m import {name}\n", name) is None


def test_a_name_is_not_found_in_longer_ones() -> None:
    found = glance("from m import name\nnames, a_name, ename, nameé, éname = name\n", "name")
    assert found is None or found.places == ((0, 14), (1, 37))
