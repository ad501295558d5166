"""What a class of the same file gives its methods."""

import ast
from dataclasses import dataclass
from enum import StrEnum

from lsp_agent.models.offline.scopes import bindings
from lsp_agent.models.offline.source import Source


class MethodKind(StrEnum):
    """What the first parameter of a method is."""

    INSTANCE = "instance"
    CLASS = "class"
    STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The method that a place is in, directly or in a function within it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    owner: ast.ClassDef
    kind: MethodKind


_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


def method_at(source: Source, offset: int) -> Method | None:
    """Give the innermost method whose body holds `offset`."""
    found: Method | None = None
    for owner in ast.walk(source.tree):
        if not isinstance(owner, ast.ClassDef):
            continue
        for node in owner.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
                source.start(node.body[0]) <= offset < source.end(node)
            ):
                found = Method(node=node, owner=owner, kind=_kind(node))
    return found


def class_names(source: Source, owner: ast.ClassDef) -> frozenset[str]:
    """Give the names that a class and its bases in this file bind in their bodies."""
    return frozenset(
        binding.name for part in _lineage(source, owner) for binding in bindings(source, part)
    )


def instance_names(source: Source, owner: ast.ClassDef) -> frozenset[str]:
    """Give the names that methods assign on their first parameter."""
    names: set[str] = set()
    for part in _lineage(source, owner):
        for node in part.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names |= _assigned_on_first(node)
    return frozenset(names)


def first_parameter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Give the name of the first positional parameter."""
    parameters = [*node.args.posonlyargs, *node.args.args]
    return parameters[0].arg if parameters else None


def _kind(node: ast.FunctionDef | ast.AsyncFunctionDef) -> MethodKind:
    decorators = {item.id for item in node.decorator_list if isinstance(item, ast.Name)}
    if "staticmethod" in decorators:
        return MethodKind.STATIC
    if "classmethod" in decorators or node.name in _CLASS_METHODS:
        return MethodKind.CLASS
    return MethodKind.INSTANCE


def _lineage(source: Source, owner: ast.ClassDef) -> list[ast.ClassDef]:
    by_name = {node.name: node for node in source.tree.body if isinstance(node, ast.ClassDef)}
    found = [owner]
    for part in found:
        bases = [base.id for base in part.bases if isinstance(base, ast.Name)]
        found += [by_name[b] for b in bases if b in by_name and by_name[b] not in found]
    return found


def _assigned_on_first(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    first = first_parameter(node)
    return {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute)
        and isinstance(part.ctx, ast.Store)
        and isinstance(part.value, ast.Name)
        and part.value.id == first
    }
