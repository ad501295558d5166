"""Which names a place in a Python text can see, by the rules of the language.

Functions see the functions around them and the module, never the class around them; a class body
sees its own names; a comprehension sees its targets everywhere but in its first iterable.
Source: Python reference, section 4.2, "Naming and binding".
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lsp_agent.models.offline.source import Source, statements_around
from mcp_tools.types.text import Span

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
"""Names that every module sees."""

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope: TypeAlias = ast.Module | ast.ClassDef | _Function | _Comprehension
_SCOPES = (
    ast.Module,
    ast.ClassDef,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True, slots=True)
class Binding:
    """A name gets a value."""

    name: str
    offset: int


def names_in_scope(source: Source, offset: int) -> frozenset[str]:
    """Give the names, builtins apart, that have a value when `offset` is reached.

    A name of the same function or module that is bound only further down is left out.
    """
    chain = _scopes_at(source, offset)
    names: set[str] = set()
    runs_now = True
    for scope in reversed(chain):
        if isinstance(scope, ast.ClassDef) and scope is not chain[-1]:
            continue
        found = bindings(source, scope)
        if runs_now and not isinstance(scope, ast.Lambda | _Comprehension):
            found = _bound_before(source, found, offset)
        names.update(binding.name for binding in found)
        # What is around a function has run to its end when the function is called.
        runs_now = runs_now and not isinstance(scope, _Function)
    return frozenset(names)


def all_bound_names(source: Source) -> frozenset[str]:
    """Give every name that any scope binds, and every keyword that a call uses."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, _SCOPES):
            names.update(binding.name for binding in bindings(source, node))
        elif isinstance(node, ast.keyword) and node.arg is not None:
            names.add(node.arg)
    return frozenset(names)


def bindings(source: Source, scope: ast.AST) -> list[Binding]:
    """Give what `scope` itself binds, without the scopes within it.

    An augmented assignment binds nothing new, so it is left out.
    """
    found: list[Binding] = []
    if isinstance(scope, _Comprehension):
        for generator in scope.generators:
            found += _stored(source, generator.target)
        return found
    if isinstance(scope, _Function):
        found += _parameters(source, scope.args)
    if isinstance(scope, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        for statement in scope.body:
            found += _bound_in(source, statement)
    return found


def _scopes_at(source: Source, offset: int) -> list[_Scope]:
    chain: list[_Scope] = [source.tree]
    node: ast.AST | None = source.tree
    while node is not None:
        child = next((c for c in _positioned_children(node) if _holds(source, c, offset)), None)
        if isinstance(node, _SCOPES) and node is not source.tree:
            is_inner = child is None or _runs_inside(node, child)
            if is_inner:
                chain.append(node)
        node = child
    return chain


def _positioned_children(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.expr | ast.excepthandler | ast.arg | ast.pattern):
            yield child
        else:
            yield from _positioned_children(child)


def _holds(source: Source, node: ast.AST, offset: int) -> bool:
    if not isinstance(node, ast.stmt | ast.expr | ast.excepthandler | ast.arg):
        return False
    return source.full_start(node) <= offset < source.end(node)


def _runs_inside(scope: ast.AST, child: ast.AST) -> bool:
    if isinstance(scope, _Comprehension):
        return child is not scope.generators[0].iter
    if isinstance(scope, ast.Lambda):
        return child is scope.body
    body: list[ast.stmt] = getattr(scope, "body", [])
    return any(child is statement for statement in body)


def _bound_before(source: Source, found: list[Binding], offset: int) -> list[Binding]:
    around = statements_around(source, offset)
    if not around:
        return found
    start = min(source.start(around[-1]), offset)
    end = source.end(around[-1])
    # In a loop, what the end of the body binds is there in the next round.
    loop = next((node for node in around[:-1] if isinstance(node, _LOOPS)), None)
    again = source.span(loop) if loop is not None else Span(end, end)
    return [
        binding
        for binding in found
        if binding.offset < start or max(end, again.start) <= binding.offset < again.end
    ]


def _parameters(source: Source, arguments: ast.arguments) -> Iterator[Binding]:
    optional = (arguments.vararg, arguments.kwarg)
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for argument in [*every, *(a for a in optional if a is not None)]:
        yield Binding(argument.arg, source.start(argument))


def _bound_in(source: Source, statement: ast.stmt) -> Iterator[Binding]:
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        yield from _bound_by(source, node)
        if isinstance(node, ast.AugAssign):
            stack.append(node.value)
        elif not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))
        elif isinstance(node, _Comprehension):
            # Only `:=` reaches out of a comprehension.
            stack.extend(n for n in ast.walk(node) if isinstance(n, ast.NamedExpr))


def _bound_by(source: Source, node: ast.AST) -> Iterable[Binding]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return [Binding(node.id, source.start(node))]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        # The name is there when the whole definition has been run.
        return [Binding(node.name, source.end(node))]
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        return [Binding(name, source.start(node)) for name in names if name != "*"]
    if isinstance(node, ast.ExceptHandler) and node.name is not None:
        return [Binding(node.name, source.start(node))]
    return _captured(source, node)


def _captured(source: Source, node: ast.AST) -> list[Binding]:
    if not isinstance(node, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
        return []
    name = node.rest if isinstance(node, ast.MatchMapping) else node.name
    start = source.offset(node.lineno, node.col_offset)
    return [] if name is None else [Binding(name, start)]


def _stored(source: Source, target: ast.expr) -> list[Binding]:
    return [
        Binding(node.id, source.start(node))
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
