"""Which places of a Python file give a name its value."""

import ast
from collections.abc import Iterator
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_Scope: TypeAlias = (
    ast.Module
    | ast.ClassDef
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.Lambda
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
)


class Bindings:
    """The bindings of every name, scope by scope, of one syntax tree."""

    def __init__(self, tree: ast.Module) -> None:
        """Go through the tree once."""
        self._tree = tree
        self._parents: dict[ast.AST, ast.AST] = {}
        self._bound: dict[ast.AST, dict[str, list[ast.AST]]] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
        for node in ast.walk(tree):
            for name in _bound_names(node):
                names = self._bound.setdefault(self._scope_of_binding(node), {})
                names.setdefault(name, []).append(node)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Give the node that a node is part of, None for the whole tree."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, innermost first."""
        parent = self._parents.get(node)
        while parent is not None:
            yield parent
            parent = self._parents.get(parent)

    def is_bound(self, use: ast.Name) -> bool:
        """Tell whether the file itself gives a name a value; otherwise it is a builtin."""
        return self._find(use) is not None

    def only_binding(self, use: ast.Name) -> ast.AST | None:
        """Give the node that binds a used name, None unless exactly one does."""
        found = self._find(use)
        return found[0] if found is not None and len(found) == 1 else None

    def scope_of(self, node: ast.AST) -> ast.AST:
        """Give the function, class, comprehension or module that a node stands in."""
        return next((a for a in self.ancestors(node) if isinstance(a, _Scope)), self._tree)

    def _find(self, use: ast.Name) -> list[ast.AST] | None:
        scope = self.scope_of(use)
        is_inner = False
        while True:
            # Names of a class body are not seen from the functions in it.
            if not (is_inner and isinstance(scope, ast.ClassDef)):
                found = self._bound.get(scope, {}).get(use.id)
                if found is not None:
                    return found
            if scope is self._tree:
                return None
            scope, is_inner = self.scope_of(scope), True

    def _scope_of_binding(self, node: ast.AST) -> ast.AST:
        scope = self.scope_of(node)
        if isinstance(node, ast.Global | ast.Nonlocal):
            # Someone elsewhere changes this name, so it counts as bound once more out there.
            return self._tree if isinstance(node, ast.Global) else self.scope_of(scope)
        return scope


def _bound_names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.arg(arg=name) | ast.ClassDef(name=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.alias():
            yield node.asname or node.name.partition(".")[0]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names
        case ast.ExceptHandler(name=str(name)):
            yield name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case _:
            pass
