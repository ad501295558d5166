"""What a tidy rule works on: a parsed file; and what it gives: problems."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("mcp_tools", "lsp_agent")
SUPPORT = ("tests", "bench", "tools")

SAMPLE_FOLDERS = ("lsp_agent/demo/project/",)
"""Bundled projects that are broken on purpose; they are data, not source."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
NamedNode = ast.ClassDef | FunctionNode


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One Python file: its path from the project's root, with `/`, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_product(self) -> bool:
        """Part of what users install, not of tests or tools."""
        return self.path.split("/")[0] in PRODUCT


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A place that breaks a rule, and what to do about it."""

    path: str
    line_number: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line_number}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file that does not exist, to prove what a rule catches and what it lets pass."""

    text: str
    path: str = "mcp_tools/code/sample.py"

    def parse(self) -> SourceFile:
        """Give the sample as the rule sees a real file."""
        return parse(self.path, self.text)


Check = Callable[[SourceFile], Iterator[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check over one file, with samples that break it and samples that keep it."""

    name: str
    check: Check
    bad: tuple[Sample, ...]
    good: tuple[Sample, ...]


def parse(path: str, text: str) -> SourceFile:
    """Parse the text of a Python file."""
    return SourceFile(path=path, text=text, tree=ast.parse(text, filename=path))


@cache
def source_files() -> tuple[SourceFile, ...]:
    """Give every Python file of the project, sorted by path."""
    paths = sorted(
        path for folder in (*PRODUCT, *SUPPORT) for path in (ROOT / folder).rglob("*.py")
    )
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return tuple(
        parse(name, path.read_text(encoding="utf-8"))
        for name, path in zip(names, paths, strict=True)
        if not name.startswith(SAMPLE_FOLDERS)
    )


def problem(source: SourceFile, node: ast.AST | int, text: str) -> Problem:
    """Name a problem at a node, or at a line number."""
    line_number = node if isinstance(node, int) else getattr(node, "lineno", 1)
    return Problem(path=source.path, line_number=line_number, text=text)


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    """Give all functions and methods, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            yield node


def dotted_name(node: ast.AST) -> str:
    """Give `a.b.c` for such an expression, the decorator's name for a call, else nothing."""
    if isinstance(node, ast.Call):
        return dotted_name(node.func)
    if isinstance(node, ast.Attribute):
        head = dotted_name(node.value)
        return f"{head}.{node.attr}" if head else ""
    return node.id if isinstance(node, ast.Name) else ""


def decorator_names(node: NamedNode) -> set[str]:
    """Give the last parts of the decorators' names."""
    return {dotted_name(decorator).rpartition(".")[2] for decorator in node.decorator_list}
