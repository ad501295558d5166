"""Whether all that a class inherits is known, so that a lack is a lack."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jedi

from mcp_tools.types.documents import Document
from mcp_tools.types.text import LineIndex

_TYPESHED = Path(jedi.__file__).parent / "third_party" / "typeshed" / "stdlib"

# Bases that add no attribute that one would name by mistake.
_EMPTY_BASES = frozenset({"object", "Generic", "Protocol", "ABC", "Hashable", "Sized"})
_PLAIN_DECORATORS = frozenset({"dataclass", "final", "total_ordering", "runtime_checkable"})
_CATCH_ALL = frozenset({"__getattr__", "__getattribute__"})
# Ways in which a class of the workspace gets attributes that no one can see.
_TRICKS = ("setattr(", "__dict__", "__slots__", "__new__", "__init_subclass__", "__set_name__")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a class is defined."""

    path: Path
    line_number: int


BaseClass = Callable[[Path, str, int, int], Location | None]
"""Gives where the class at a path, text, line (from 1) and column (from 0) is defined."""


class Hierarchy:
    """What is known of classes; each file is read once."""

    def __init__(self, document: Document, root: Path, base_class: BaseClass) -> None:
        """Take the document, whose text counts, and a way to find bases."""
        self._root = root
        self._base_class = base_class
        self._texts: dict[Path, str] = {document.path: document.text}
        self._trees: dict[Path, ast.Module | None] = {}
        self._known: dict[Location, bool] = {}

    def is_known(self, location: Location) -> bool:
        """Tell whether a class and all that it inherits from is plain, and can be seen."""
        if location not in self._known:
            # A class that inherits from itself is an error that others report.
            self._known[location] = False
            self._known[location] = self._is_plain_class(location)
        return self._known[location]

    def is_mentioned(self, name: str, path: Path) -> bool:
        """Tell whether a library stub has a name, maybe for another Python."""
        if not self._is_library(path) or self._tree(path) is None:
            return False
        return re.search(rf"\b{re.escape(name)}\b", self._texts[path]) is not None

    def is_plain_module(self, path: Path) -> bool:
        """Tell whether a module has exactly the names that its file defines."""
        tree = self._tree(path)
        if tree is None or path.name == "__init__.py":
            # Any import of a submodule adds a name to a package.
            return False
        if "sys.modules" in self._texts[path] or "globals()" in self._texts[path]:
            return False
        return not any(
            isinstance(node, ast.FunctionDef) and node.name in _CATCH_ALL for node in ast.walk(tree)
        )

    def _is_plain_class(self, location: Location) -> bool:
        tree = self._tree(location.path)
        node = _class_at(tree, location.line_number) if tree else None
        if node is None or _has_catch_all(node):
            return False
        text = self._texts[location.path]
        if not self._is_library(location.path) and not _is_plain_definition(text, node):
            return False
        return all(self._is_known_base(location.path, text, base) for base in node.bases)

    def _is_known_base(self, path: Path, text: str, base: ast.expr) -> bool:
        named = base.value if isinstance(base, ast.Subscript) else base
        name = getattr(named, "id", None) or getattr(named, "attr", None)
        if name in _EMPTY_BASES:
            return True
        if self._is_library(path):
            # Jedi follows the stubs of the standard library to the end; only Any hides names.
            node = _class_named(self._tree(path), name or "")
            return name != "Any" and (node is None or self.is_known(Location(path, node.lineno)))
        if not isinstance(named, ast.Name | ast.Attribute):
            return False
        line_number, end_column = named.end_lineno or 1, named.end_col_offset or 1
        if not LineIndex(text).line_text(line_number - 1).isascii():
            # The tree counts bytes and jedi code points; doubt is cheaper than a conversion.
            return False
        found = self._base_class(path, text, line_number, end_column - 1)
        return found is not None and self.is_known(found)

    def _tree(self, path: Path) -> ast.Module | None:
        """Give the tree of a file of the workspace or of the library's stubs, else None."""
        if path not in self._trees:
            self._trees[path] = self._parsed(path)
        return self._trees[path]

    def _parsed(self, path: Path) -> ast.Module | None:
        if path not in self._texts:
            if not (self._is_library(path) or self._root in path.parents):
                return None
            try:
                self._texts[path] = path.read_text(encoding="utf-8")
            except (OSError, ValueError):
                return None
        try:
            return ast.parse(self._texts[path])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def _is_library(self, path: Path) -> bool:
        return _TYPESHED in path.parents


def _class_at(tree: ast.Module, line_number: int) -> ast.ClassDef | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.lineno == line_number:
            return node
    return None


def _class_named(tree: ast.Module | None, name: str) -> ast.ClassDef | None:
    for node in tree.body if tree else ():
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    return None


def _has_catch_all(node: ast.ClassDef) -> bool:
    return any(
        isinstance(child, ast.FunctionDef) and child.name in _CATCH_ALL for child in node.body
    )


def _is_plain_definition(text: str, node: ast.ClassDef) -> bool:
    """Tell whether a class of the workspace gets its attributes only by what one can see."""
    decorators = {_last_name(decorator) for decorator in node.decorator_list}
    keywords = {ast.unparse(keyword.value) for keyword in node.keywords}
    source = ast.get_source_segment(text, node) or ""
    return (
        decorators <= _PLAIN_DECORATORS
        and keywords <= {"ABCMeta", "abc.ABCMeta"}
        and not any(trick in source for trick in _TRICKS)
    )


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Call(func=inner):
            return _last_name(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
