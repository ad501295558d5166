"""Functions that promise a value by their annotation and never return one."""

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mcp_tools.code.checks.places import name_span
from mcp_tools.types.diagnostics import Diagnostic, Severity
from mcp_tools.types.documents import Document

SOURCE = "lsp-agent"
CODE = "missing-return"

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# Falling off the end is right for these, or may be.
_MAY_BE_NONE = frozenset({"None", "Optional", "NoReturn", "Never", "Any", "object", "TypeGuard"})
# With any other decorator the annotation may be about something else.
_PLAIN_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "cached_property", "cache", "lru_cache"}
    | {"override", "final", "wraps"}
)
# Calls of these, as a last statement, usually do not come back.
_NO_RETURN_CALLS = frozenset({"exit", "_exit", "abort", "fail", "skip", "error", "assert_never"})


def missing_returns(document: Document, tree: ast.Module) -> tuple[Diagnostic, ...]:
    """Give the functions whose end is reached, and which nowhere return a value.

    Stubs, generators, abstract methods, protocols and overloads are left alone.
    """
    if document.path.suffix == ".pyi":
        return ()
    return tuple(
        _diagnostic(document, function)
        for function in _concrete_functions(tree)
        if _promises_value(function) and not _keeps_promise(function)
    )


def _diagnostic(document: Document, function: _Function) -> Diagnostic:
    assert function.returns is not None
    return Diagnostic(
        path=document.path,
        span=name_span(document, function),
        message=(
            f"Function {function.name!r} should return {ast.unparse(function.returns)!r}, "
            "but it never returns a value"
        ),
        source=SOURCE,
        code=CODE,
        severity=Severity.WARNING,
    )


def _concrete_functions(scope: ast.AST) -> Iterator[_Function]:
    """Yield all functions but those of protocols, whose bodies are never run."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.ClassDef) and "Protocol" in map(_last_name, child.bases):
            continue
        if isinstance(child, _Function):
            yield child
        yield from _concrete_functions(child)


def _promises_value(function: _Function) -> bool:
    if function.returns is None or not all(
        _last_name(decorator) in _PLAIN_DECORATORS for decorator in function.decorator_list
    ):
        return False
    names = set(_annotation_names(function.returns))
    return bool(names) and not names & _MAY_BE_NONE


def _annotation_names(annotation: ast.expr) -> Iterator[str]:
    """Yield each name in an annotation, and `None`; also of one that is written as a string."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and node.value is None:
            yield "None"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _string_names(node.value)


def _string_names(text: str) -> Iterator[str]:
    try:
        yield from _annotation_names(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        # Not an annotation after all; doubt keeps the check silent.
        yield "Any"


def _keeps_promise(function: _Function) -> bool:
    if _is_stub(function.body):
        return True
    for node in _own_nodes(function):
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if isinstance(node, ast.Return) and node.value is not None:
            return True
    return not _ends(function.body)


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a function without the functions and classes inside of it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, _Function | ast.ClassDef | ast.Lambda):
            yield child
            yield from _own_nodes(child)


def _is_stub(body: Sequence[ast.stmt]) -> bool:
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in body
    )


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Tell whether the end of a block is reached, as far as its shape says; doubt says no."""
    last = body[-1]
    match last:
        case ast.Raise() | ast.Match() | ast.Try() | ast.TryStar():
            # The last two have too many ways to say anything for sure.
            return False
        case ast.If():
            return _ends(last.body) or not last.orelse or _ends(last.orelse)
        case ast.With() | ast.AsyncWith():
            return _ends(last.body)
        case ast.While():
            is_endless = isinstance(last.test, ast.Constant) and bool(last.test.value)
            return not is_endless or any(isinstance(node, ast.Break) for node in _own_nodes(last))
        case ast.Assert():
            return not (isinstance(last.test, ast.Constant) and not last.test.value)
        case ast.Expr(value=ast.Call(func=called)):
            return _last_name(called) not in _NO_RETURN_CALLS
        case _:
            return True


def _last_name(node: ast.expr) -> str:
    """Give the last name of `a`, `a.b`, `a.b(...)` or `a.b[...]`; empty for anything else."""
    match node:
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _last_name(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
