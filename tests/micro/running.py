"""What really calls what when a case is run."""

import ast
import importlib
import inspect
import runpy
import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import CodeType, FrameType

from tests.micro.cases import MAIN, Case, Edge, Place
from tests.support.projects import write_project

_RESUMED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was seen in one run."""

    edges: frozenset[Edge]
    """One function of the case called another, with nothing between them."""
    reached: frozenset[Edge]
    """Likewise, but code from outside of the case may have been between them."""
    resumed: frozenset[Place]
    """Generators and coroutines that ran: who called them is not seen, only who resumed them."""

    def shows(self, edge: Edge) -> bool:
        """Tell whether an edge was seen, as far as that can be."""
        return edge in self.reached or edge.callee in self.resumed


def run(case: Case, folder: Path) -> Run:
    """Write a case below `folder`, and run it; what it has imported is forgotten after."""
    root = write_project(folder.resolve(), _text(case))
    watcher = _Watcher(root, case)
    modules, path = dict(sys.modules), list(sys.path)
    own = {Path(file).parts[0].removesuffix(".py") for file in case.files}
    for name in modules:
        if name.partition(".")[0] in own:  # Another module of that name would stand in the way.
            del sys.modules[name]
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    before = sys.getprofile()
    try:
        sys.setprofile(watcher.see)
        runpy.run_path(str(root / MAIN), run_name="__main__")
    finally:
        sys.setprofile(before)
        sys.path[:] = path
        for name in tuple(sys.modules):
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(root)):
                del sys.modules[name]
        sys.modules.update({name: modules[name] for name in modules.keys() - sys.modules.keys()})
    return watcher.result()


def _text(case: Case) -> str:
    return "".join(f"//- /{file}\n{text}" for file, text in case.files.items())


class _Watcher:
    """Notes each call between functions of the case."""

    def __init__(self, root: Path, case: Case) -> None:
        self._files = {
            str(root / file): _Functions(file, text) for file, text in case.files.items()
        }
        self._edges: set[Edge] = set()
        self._reached: set[Edge] = set()
        self._resumed: set[Place] = set()

    def see(self, frame: FrameType, event: str, _: object) -> None:
        """Note an event, as `sys.setprofile` gives it."""
        callee = self._callee(frame.f_code) if event == "call" else None
        if callee is None:
            return
        if frame.f_code.co_flags & _RESUMED:
            self._resumed.add(callee)
            return
        is_direct, above = True, frame.f_back
        while above is not None and above.f_code.co_filename not in self._files:
            is_direct, above = False, above.f_back
        if above is None:
            return
        edge = Edge(self._owner(above), callee)
        self._reached.add(edge)
        if is_direct:
            self._edges.add(edge)

    def result(self) -> Run:
        """Give what was noted."""
        return Run(
            edges=frozenset(self._edges),
            reached=frozenset(self._reached),
            resumed=frozenset(self._resumed),
        )

    def _callee(self, code: CodeType) -> Place | None:
        functions = self._files.get(code.co_filename)
        return functions and functions.defined_at(code.co_firstlineno, code.co_name)

    def _owner(self, frame: FrameType) -> Place:
        code = frame.f_code
        functions = self._files[code.co_filename]
        own = functions.defined_at(code.co_firstlineno, code.co_name)
        return own or functions.around(code.co_firstlineno)


class _Functions:
    """The named functions of one file."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._paths: dict[tuple[int, str], str] = {}
        self._bodies: list[tuple[int, int, str]] = []
        self._add(ast.parse(text), "")

    def defined_at(self, line_number: int, name: str) -> Place | None:
        """Give the function that starts there, decorators included."""
        path = self._paths.get((line_number, name))
        return None if path is None else Place(self._file, path)

    def around(self, line_number: int) -> Place:
        """Give the innermost function whose body has the line; else the file."""
        around = [body for body in self._bodies if body[0] <= line_number <= body[1]]
        return Place(self._file, max(around)[2] if around else "")

    def _add(self, node: ast.AST, path: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | _FunctionNode):
                inner = f"{path}/{child.name}".lstrip("/")
                if not isinstance(child, ast.ClassDef):
                    self._note(child, inner)
                self._add(child, inner)
            else:
                self._add(child, path)

    def _note(self, node: _FunctionNode, path: str) -> None:
        first = min(part.lineno for part in chain([node], node.decorator_list))
        self._paths[first, node.name] = path
        end = node.body[-1].end_lineno or node.lineno
        self._bodies.append((node.body[0].lineno, end, path))
