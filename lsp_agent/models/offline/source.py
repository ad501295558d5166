"""Python text and its tree, with every position as an offset in code points."""

import ast
import functools
import io
import threading
import tokenize
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from mcp_tools.types.text import LineIndex, Place, Span

_WARNINGS_LOCK = threading.Lock()


class Source:
    """A parsed Python text. The tree is shared and must not be changed."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        """Keep both; positions are converted on demand."""
        self.text = text
        self.tree = tree
        self.lines = LineIndex(text)

    def offset(self, line_number: int, byte_column: int) -> int:
        """Give the offset of a position in the terms of `ast`.

        Lines count from 1, columns in UTF-8 bytes.
        """
        line = self.lines.line_text(line_number - 1)
        if not line.isascii():
            byte_column = len(line.encode("utf-8")[:byte_column].decode("utf-8", "ignore"))
        return self.lines.offset(Place(line_number - 1, byte_column))

    def start(self, node: ast.stmt | ast.expr | ast.arg | ast.excepthandler | ast.alias) -> int:
        """Give the offset where a node starts; decorators are not part of it."""
        return self.offset(node.lineno, node.col_offset)

    def full_start(self, node: ast.AST) -> int:
        """Give the offset where a statement starts, its decorators included."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = decorators[0] if decorators else node
        return self.offset(getattr(first, "lineno", 1), getattr(first, "col_offset", 0))

    def end(self, node: ast.stmt | ast.expr | ast.arg | ast.excepthandler | ast.alias) -> int:
        """Give the offset behind a node."""
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def span(self, node: ast.stmt | ast.expr | ast.arg | ast.excepthandler | ast.alias) -> Span:
        """Give the span of a node."""
        return Span(self.start(node), self.end(node))

    def code(self, node: ast.stmt | ast.expr) -> str:
        """Give the text of a node."""
        return self.text[self.start(node) : self.end(node)]

    def line_start(self, offset: int) -> int:
        """Give the offset where the line of `offset` starts."""
        return self.lines.line_span(self.lines.place(offset).line).start

    def next_line(self, offset: int) -> int:
        """Give the offset where the next line starts, or the text's end."""
        return self.lines.line_span(self.lines.place(offset).line, with_end=True).end

    def indent(self, offset: int) -> str:
        """Give the white space that the line of `offset` starts with."""
        line = self.lines.line_text(self.lines.place(offset).line)
        return line[: len(line) - len(line.lstrip(" \t\f"))]


def parses(text: str) -> bool:
    """Tell whether `text` compiles as a Python module; nothing runs."""
    return source_of(text) is not None and syntax_error_of(text) is None


@functools.lru_cache(maxsize=8)
def syntax_error_of(text: str) -> SyntaxError | None:
    """Give the compiler's complaint about a text; None if there is none."""
    try:
        with _quietly():
            compile(text, "<text>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


@functools.lru_cache(maxsize=8)
def source_of(text: str) -> Source | None:
    """Parse a text; None if it is not valid Python."""
    tree = _tree(text)
    return None if tree is None else Source(text, tree)


def code_end(line: str) -> int:
    """Give the column behind the last character of code in a line."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            if token.type == tokenize.COMMENT:
                return len(line[: token.start[1]].rstrip())
    except (tokenize.TokenError, SyntaxError):
        # A line alone may be broken; what came before the error has been looked at.
        pass
    return len(line.rstrip())


def functions_around(source: Source, offset: int) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give the functions that hold `offset`, decorators apart, the outermost first."""
    return [
        node
        for node in _around(source, offset)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and source.start(node) <= offset
    ]


def statements_around(source: Source, offset: int) -> list[ast.stmt]:
    """Give the statements that hold `offset`, decorators too, the outermost first."""
    return [node for node in _around(source, offset) if isinstance(node, ast.stmt)]


def _around(source: Source, offset: int) -> Iterator[ast.AST]:
    nodes: list[ast.AST] = [source.tree]
    while nodes:
        inner: list[ast.AST] = []
        for parent in nodes:
            for node in ast.iter_child_nodes(parent):
                if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
                    if isinstance(node, ast.match_case):
                        inner.append(node)
                    elif source.full_start(node) <= offset <= source.end(node):
                        yield node
                        inner.append(node)
        nodes = inner


@contextmanager
def _quietly() -> Generator[None]:
    """Drop the compiler's warnings of a user's code: they are not our output."""
    # The filters belong to the process, so only one thread may swap them at a time.
    with _WARNINGS_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _tree(text: str) -> ast.Module | None:
    try:
        with _quietly():
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
