"""Extraction against Python's own parser, and against texts that nobody wrote."""

import ast
import symtable
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.index.python.extraction import extract
from mcp_tools.types.facts import Facts, Role, ScopeKind

MODULES = [ast, symtable, pytest]
WORDS = r"""
    def class lambda for in if else : ( ) [ ] { } , . = := * ** @ async await with as import from
    return yield try except global del match case type a b C self "s" 'D' f"{a}" 1 None + not and
    isinstance __all__ é \U0001d518 # \n \n____ \n________ \t \r\n \r \\\n \0 \ud800 \x0c
"""
FRAGMENTS = st.sampled_from(
    [
        ast.literal_eval(f"""'{word.replace("'", chr(92) + "'").replace("____", "    ")}'""")
        for word in WORDS.split()
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=60).map(" ".join)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_facts_of_any_text_are_consistent(text: str) -> None:
    facts = extract(text)
    assert list(_wrong_terms(facts, text)) == []
    assert list(_wrong_scopes(facts, text)) == []
    assert list(facts.symbols) == sorted(facts.symbols, key=lambda symbol: symbol.start)
    for number, symbol in enumerate(facts.symbols):
        assert symbol.parent < number
        assert 0 <= symbol.start <= symbol.name_start <= symbol.end <= len(text)
        assert symbol.start <= symbol.header_end <= symbol.end
    for name in facts.names:
        starts = [facts.starts[term] for term in facts.occurrences(name)]
        assert starts == sorted(starts)


@pytest.mark.parametrize("module", MODULES)
def test_every_name_that_python_sees_is_an_occurrence(module: object) -> None:
    text = Path(str(vars(module)["__file__"])).read_text(encoding="utf-8")
    facts = extract(text)
    found = {
        (facts.names[facts.a[term]], facts.starts[term])
        for term, role in enumerate(facts.roles)
        if role != Role.NONE
    }
    assert not facts.has_errors
    assert set(_python_names(text)) - found == set()


@pytest.mark.parametrize("module", MODULES)
def test_functions_bind_the_names_that_python_sees(module: object) -> None:
    text = Path(str(vars(module)["__file__"])).read_text(encoding="utf-8")
    facts = extract(text)
    ours = [
        sorted({facts.names[b.name] for b in facts.bindings if b.scope == number})
        for number, scope in enumerate(facts.scopes)
        if scope.kind is ScopeKind.FUNCTION
    ]
    assert sorted(ours) == sorted(_python_locals(symtable.symtable(text, "a.py", "exec")))


def test_equal_texts_have_equal_facts() -> None:
    text = Path(ast.__file__).read_text(encoding="utf-8")
    assert extract(text) == extract(text)


def _wrong_terms(facts: Facts, text: str) -> Iterator[str]:
    for term, role in enumerate(facts.roles):
        start = facts.starts[term]
        name = facts.names[facts.a[term]] if role != Role.NONE else ""
        if not 0 <= start <= len(text) or not text.startswith(name, start):
            yield f"{name!r} at {start}"


def _wrong_scopes(facts: Facts, text: str) -> Iterator[str]:
    for number, scope in enumerate(facts.scopes):
        outer = facts.scopes[scope.parent] if number else scope
        is_within = outer.start <= scope.start <= scope.end <= outer.end <= len(text)
        if not is_within or scope.parent >= number:
            yield f"{number}: {scope}"


def _python_names(text: str) -> Iterator[tuple[str, int]]:
    """Give names and places of a text without names in f-strings, whose places are unknown."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def offset(line_number: int | None, column: int | None) -> int:
        assert line_number is not None
        assert column is not None
        line = text[starts[line_number - 1] : starts[line_number]]
        return starts[line_number - 1] + len(line.encode()[:column].decode())

    todo: list[ast.AST] = [ast.parse(text)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        todo += ast.iter_child_nodes(node)
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name, offset(node.lineno, node.col_offset)
            case ast.Attribute(attr=name):
                yield name, offset(node.end_lineno, node.end_col_offset) - len(name)
            case ast.alias(name=name, asname=None) if name != "*" and "." not in name:
                yield name, offset(node.lineno, node.col_offset)
            case ast.alias(asname=str(name)):
                yield name, offset(node.end_lineno, node.end_col_offset) - len(name)
            case _:
                pass


def _python_locals(table: symtable.SymbolTable) -> Iterator[list[str]]:
    is_function = table.get_type() == "function"
    if is_function and table.get_name() not in ("lambda", *_COMPREHENSIONS):
        yield sorted(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported()
        )
    for child in table.get_children():
        yield from _python_locals(child)


_COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")
