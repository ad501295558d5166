"""Of which expressions the type is sure, judged by the shape of the code alone.

A name counts only if it is bound once, by something that settles its type: an annotation, a
literal, a class, an import. Whatever could be narrowed, patched or duck-typed does not count.
"""

import ast
from typing import TypeAlias

from mcp_tools.code.checks.bindings import Bindings, Function

# Containers whose methods do not depend on what is in them.
_CONTAINERS = frozenset({"list", "dict", "set", "tuple", "frozenset", "deque", "defaultdict"})
_VAGUE_TYPES = frozenset(
    {"Any", "object", "Self", "Optional", "Union", "Callable", "Type", "type", "Literal", "None"}
)
_LITERALS = (
    ast.JoinedStr,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.Tuple,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
)
_NARROWING_CALLS = frozenset({"isinstance", "issubclass", "hasattr", "callable", "setattr"})


Identity: TypeAlias = tuple[ast.AST | None, str]
"""What binds the first name of a dotted expression, and the expression as text."""


class Certainty:
    """What is sure in one syntax tree."""

    def __init__(self, tree: ast.Module) -> None:
        """Go through the tree once."""
        self.bindings = Bindings(tree)
        self._narrowed = _narrowed_names(tree)
        self.has_star_import = any(
            isinstance(node, ast.alias) and node.name == "*" for node in ast.walk(tree)
        )

    def is_sure(self, node: ast.expr) -> bool:
        """Tell whether the shape of the code settles the type of `node`.

        What a call returns, and what an attribute is, is left to the one who infers types.
        """
        match node:
            case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
                return True
            case ast.Name():
                return self._is_sure_name(node)
            case ast.Attribute(value=owner):
                return self.is_sure(owner)
            case ast.Call(func=ast.Name() as called):
                return self._is_sure_callee(called)
            case ast.Call(func=ast.Attribute(value=owner)):
                return self.is_sure(owner)
            case _:
                return False

    def identity(self, node: ast.Attribute) -> Identity | None:
        """Give what is equal for accesses that mean the same, None if undotted."""
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            return None
        return self.bindings.only_binding(root), ast.unparse(node)

    def is_guarded(self, node: ast.AST) -> bool:
        """Tell whether a missing attribute would be caught, so that it may be."""
        for ancestor in self.bindings.ancestors(node):
            if isinstance(ancestor, ast.Try) and any(map(_catches_missing, ancestor.handlers)):
                return True
            if isinstance(ancestor, ast.With) and "AttributeError" in ast.dump(ancestor.items[0]):
                return True
        return False

    def _is_sure_name(self, name: ast.Name) -> bool:
        if name.id in self._narrowed:
            return False
        binding = self.bindings.only_binding(name)
        match binding:
            case ast.alias() | ast.ClassDef():
                return True
            case ast.arg():
                return self._is_sure_argument(binding)
            case ast.Name():
                return self._is_sure_assignment(binding)
            case _:
                return False

    def _is_sure_callee(self, called: ast.Name) -> bool:
        if called.id in _VAGUE_TYPES or called.id == "super":
            return False
        if not self.bindings.is_bound(called):
            return True
        binding = self.bindings.only_binding(called)
        return isinstance(binding, ast.alias | ast.ClassDef | Function)

    def _is_sure_argument(self, argument: ast.arg) -> bool:
        arguments = self.bindings.parent(argument)
        function = arguments and self.bindings.parent(arguments)
        if not isinstance(arguments, ast.arguments) or not isinstance(function, Function):
            return False
        if argument is arguments.vararg or argument is arguments.kwarg:
            return False
        if argument.annotation is not None:
            return is_plain(argument.annotation) and not _has_none_default(arguments, argument)
        positional = [*arguments.posonlyargs, *arguments.args]
        return (
            argument.arg == "self"
            and positional[0] is argument
            and not function.decorator_list
            and isinstance(self.bindings.parent(function), ast.ClassDef)
        )

    def _is_sure_assignment(self, name: ast.Name) -> bool:
        match self.bindings.parent(name):
            case ast.AnnAssign(target=target, annotation=annotation) if target is name:
                return is_plain(annotation)
            case ast.Assign(targets=[target], value=value) if target is name:
                return isinstance(value, _LITERALS) or (
                    isinstance(value, ast.Constant | ast.Call) and self.is_sure(value)
                )
            case _:
                return False


def is_plain(annotation: ast.expr) -> bool:
    """Tell whether an annotation names one class, and can be nothing else."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name not in _VAGUE_TYPES and not _is_type_variable(name)
        case ast.Subscript(value=ast.Name(id=name)):
            return name.lower() in _CONTAINERS
        case ast.Constant(value=str(text)):
            return text.isidentifier() and text not in _VAGUE_TYPES and not _is_type_variable(text)
        case _:
            return False


def is_plain_text(annotation: str) -> bool:
    """Tell the same of an annotation that is given as text."""
    try:
        return is_plain(ast.parse(annotation.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return False


def _is_type_variable(name: str) -> bool:
    return name.startswith("_") or len(name) == 1 or name == "AnyStr"


def _has_none_default(arguments: ast.arguments, argument: ast.arg) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    by_keyword = dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    default = defaults.get(argument) or by_keyword.get(argument)
    return isinstance(default, ast.Constant) and default.value is None


def _catches_missing(handler: ast.ExceptHandler) -> bool:
    caught = ast.dump(handler.type) if handler.type else "'Exception'"
    return any(f"'{name}'" in caught for name in ("AttributeError", "Exception", "BaseException"))


def _narrowed_names(tree: ast.Module) -> frozenset[str]:
    """Give the names that are tested for their type somewhere, or matched."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[ast.Name(id=name), *_]):
                if called in _NARROWING_CALLS:
                    found.add(name)
            case ast.Match(subject=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)
