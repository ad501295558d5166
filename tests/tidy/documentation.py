"""Documentation that must be there, on modules and public names."""

import ast
from collections.abc import Iterator

from tests.tidy.source import (
    FunctionNode,
    NamedNode,
    Problem,
    Rule,
    Sample,
    SourceFile,
    decorator_names,
    problem,
)

MAX_FIRST_LINE = 90
# Documented by what they override, or by the property or signature that they belong to.
INHERITING_DECORATORS = {"override", "overload", "setter", "deleter"}


def module_docstring(source: SourceFile) -> Iterator[Problem]:
    """A module says what it is for."""
    yield from _first_line(source, source.tree, source.path)


def public_docstrings(source: SourceFile) -> Iterator[Problem]:
    """A public class, function or method of the product says what it gives."""
    if source.is_product:
        for node in _public_names(source.tree):
            yield from _first_line(source, node, node.name)


def package_is_a_docstring(source: SourceFile) -> Iterator[Problem]:
    """An `__init__.py` holds one docstring and nothing else: no re-exports, no work."""
    if source.name == "__init__.py":
        for node in source.tree.body[1:]:
            yield problem(source, node, "an __init__.py holds one docstring and nothing else")


def _first_line(source: SourceFile, node: ast.Module | NamedNode, name: str) -> Iterator[Problem]:
    docstring = ast.get_docstring(node)
    line_number = 1 if isinstance(node, ast.Module) else node.lineno
    if not docstring:
        yield problem(source, line_number, f"{name} has no docstring")
    elif len(docstring.splitlines()[0]) > MAX_FIRST_LINE:
        yield problem(source, line_number, f"{name}: the docstring's first line is too long")


def _public_names(body: ast.Module | ast.ClassDef) -> Iterator[NamedNode]:
    for node in body.body:
        if not isinstance(node, NamedNode) or node.name.startswith("_"):
            continue
        if isinstance(node, FunctionNode) and decorator_names(node) & INHERITING_DECORATORS:
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from _public_names(node)


RULES = (
    Rule(
        name="modules have a docstring",
        check=module_docstring,
        bad=(Sample(text="x = 1"), Sample(text=f'"""{"long " * 20}."""')),
        good=(Sample(text='"""Short."""'),),
    ),
    Rule(
        name="public names have a docstring",
        check=public_docstrings,
        bad=(
            Sample(text="def f(): ..."),
            Sample(text='class A:\n    """An A."""\n    async def f(self): ...'),
        ),
        good=(
            Sample(text="def _f(): ...\nclass _A:\n    def f(self): ..."),
            Sample(text='class A:\n    """An A."""\n    @override\n    def f(self): ...'),
            Sample(text="def test_x(): ...", path="tests/test_x.py"),
        ),
    ),
    Rule(
        name="packages hold one docstring",
        check=package_is_a_docstring,
        bad=(Sample(text='"""A."""\nfrom a import b', path="mcp_tools/code/__init__.py"),),
        good=(
            Sample(text='"""A."""', path="mcp_tools/code/__init__.py"),
            Sample(text='"""A."""\nfrom a import b'),
        ),
    ),
)
