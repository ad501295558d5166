"""What jedi knows of the types in one document.

Jedi infers; it does not run the workspace's Python, and loads no compiled module from the
workspace: its search path for those has only the standard library. It is not made for several
threads, so callers hold a lock.
"""

import ast
import re
import sysconfig
import warnings
from pathlib import Path
from typing import Protocol, cast

import jedi

from mcp_tools.code.checks.certainty import is_plain_text
from mcp_tools.code.checks.hierarchy import Hierarchy, Location
from mcp_tools.code.checks.places import end_of
from mcp_tools.types.documents import Document

_RETURNS = re.compile(r"-> (.+)$", re.DOTALL)
_ANNOTATED = re.compile(r"(?:self\.)?\w+\s*:\s*([^=]+)")

# Jedi has no list of what it raises on code that it does not expect.
JEDI_FAULTS = (
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


class Signature(Protocol):
    """A signature, as jedi gives it."""

    def to_string(self) -> str:
        """Give it as text, the annotation of what is returned included."""
        ...


class Name(Protocol):
    """A definition or a value, as jedi gives it; only what is used here."""

    name: str
    type: str
    full_name: str | None
    module_path: Path | None
    line: int | None
    description: str

    def get_signatures(self) -> list[Signature]:
        """Give how it can be called."""
        ...

    def execute(self) -> "list[Name]":
        """Give what a call of it returns."""
        ...


class Script(Protocol):
    """Jedi's view of one file: lines from 1, columns from 0 in code points."""

    def infer(self, line: int, column: int, *, prefer_stubs: bool) -> list[Name]:
        """Give the values of the name at a place."""
        ...

    def goto(self, line: int, column: int, *, follow_imports: bool) -> list[Name]:
        """Give the definitions of the name at a place."""
        ...

    def complete(self, line: int, column: int) -> list[Name]:
        """Give what could stand at a place."""
        ...


class JediTypes:
    """Types in one document, as far as they are sure."""

    def __init__(self, document: Document, root: Path) -> None:
        """Let jedi look at the document's text; other files it reads from disk."""
        self._document = document
        # A compiled module of the workspace is not loaded, as it should be; no one needs to know.
        warnings.filterwarnings("ignore", r"Module .* not importable", UserWarning)
        library = Path(sysconfig.get_path("platstdlib"))
        project = jedi.Project(
            root,
            environment_path=None,
            load_unsafe_extensions=False,
            sys_path=[sysconfig.get_path("stdlib"), str(library), str(library / "lib-dynload")],
        )
        self._project = project
        self._environment = jedi.InterpreterEnvironment()
        self._script = self._open(document.path, document.text)
        self._hierarchy = Hierarchy(document, root, self._base_class)

    def resolves(self, offset: int) -> bool:
        """Tell whether jedi finds the name at an offset; a fault counts as yes."""
        line, column = self._place(offset)
        try:
            return bool(
                self._script.goto(line, column, follow_imports=False)
                or self._script.infer(line, column, prefer_stubs=True)
            )
        except JEDI_FAULTS:
            return True

    def attribute_names(self, offset: int) -> frozenset[str]:
        """Give the names that may stand behind the dot before `offset`."""
        line, column = self._place(offset)
        try:
            return frozenset(name.name for name in self._script.complete(line, column))
        except JEDI_FAULTS:
            return frozenset()

    def type_at(self, offset: int) -> str:
        """Give the type of the name at an offset as an annotation would say it, empty if unsure."""
        try:
            value = self._at(offset)
        except JEDI_FAULTS:
            return ""
        if value is None or value.type not in {"instance", "class"}:
            return ""
        return value.name if value.type == "instance" else f"type[{value.name}]"

    def sure_owner(self, node: ast.Attribute) -> str | None:
        """Give the name of the type or module that has the attribute, None if unsure."""
        try:
            value = self._value(node.value)
            if value is None or value.module_path is None or value.line is None:
                return None
            location = Location(path=Path(value.module_path), line_number=value.line)
            if self._hierarchy.is_mentioned(node.attr, location.path):
                return None
            if value.type == "module":
                return value.full_name if self._hierarchy.is_plain_module(location.path) else None
            if value.type not in {"instance", "class"} or value.full_name is None:
                return None
            return value.name if self._hierarchy.is_known(location) else None
        except JEDI_FAULTS:
            return None

    def _value(self, node: ast.expr) -> Name | None:
        """Give the one value of an expression."""
        match node:
            case ast.Call(func=called):
                return self._returned(called)
            case ast.Attribute(value=owner):
                value = self._only(node) if self._value(owner) is not None else None
                is_module = value is not None and value.type == "module"
                return value if is_module or self._is_declared(node) else None
            case ast.Constant(value=bytes()):
                return self._builtin("bytes")
            case ast.Constant() | ast.JoinedStr():
                return self._builtin("str")
            case _:
                return self._only(node)

    def _returned(self, called: ast.expr) -> Name | None:
        if isinstance(called, ast.Attribute) and self._value(called.value) is None:
            return None
        function = self._only(called)
        if function is None:
            return None
        if function.type == "function":
            if not _returns_one_type(function):
                return None
        elif function.type != "class":
            return None
        values = function.execute()
        names = {value.full_name for value in values}
        return values[0] if len(names) == 1 and values[0].type == "instance" else None

    def _is_declared(self, node: ast.Attribute) -> bool:
        """Tell whether an attribute is a definition, or has an annotation that settles it."""
        line, column = self._place(end_of(self._document, node) - 1)
        definitions = self._script.goto(line, column, follow_imports=True)
        if len(definitions) != 1:
            return False
        definition = definitions[0]
        if definition.type in {"module", "class", "function"}:
            return True
        annotation = _ANNOTATED.match(definition.description)
        return annotation is not None and is_plain_text(annotation[1])

    def _only(self, node: ast.expr) -> Name | None:
        return self._at(end_of(self._document, node) - 1)

    def _at(self, offset: int) -> Name | None:
        values = self._script.infer(*self._place(offset), prefer_stubs=True)
        return values[0] if len(values) == 1 else None

    def _builtin(self, name: str) -> Name | None:
        """Give an instance of a builtin class; jedi gives nothing for a literal itself."""
        classes = self._open(None, name).infer(1, 0, prefer_stubs=True)
        values = classes[0].execute() if len(classes) == 1 else []
        return values[0] if len(values) == 1 else None

    def _place(self, offset: int) -> tuple[int, int]:
        place = self._document.lines.place(offset)
        return place.line + 1, place.column

    def _open(self, path: Path | None, text: str) -> Script:
        script = jedi.Script(text, path=path, project=self._project, environment=self._environment)
        return cast(Script, script)

    def _base_class(self, path: Path, text: str, line: int, column: int) -> Location | None:
        """Give where the class that stands at a place of some file is defined."""
        values = self._open(path, text).infer(line, column, prefer_stubs=True)
        if len(values) != 1 or values[0].type != "class":
            return None
        found = values[0]
        if found.module_path is None or found.line is None:
            return None
        return Location(path=Path(found.module_path), line_number=found.line)


def _returns_one_type(function: Name) -> bool:
    """Tell whether a function, in all of its overloads, is annotated to return one class."""
    found: set[str] = set()
    for signature in function.get_signatures():
        returns = _RETURNS.search(signature.to_string())
        found.add(returns[1] if returns else "")
    # The stubs say of a str method that literal in means literal out.
    found.discard("LiteralString")
    return len(found) == 1 and is_plain_text(found.pop())
