"""New source text, fitted to the place where it goes."""

import ast
import io
import tokenize

from mcp_tools.code.diagnostics.syntax import parse_python
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import InvalidEdit


def fitted(document: Document, source: str, indent: str) -> str:
    """Give source with LF as line ends, moved to an indentation, without blank lines around it.

    The lines of a string of several lines stay as they are. Source that is indented by spaces
    is indented by tabs where the file does so.
    Raises: InvalidEdit if the source has a syntax error, or a line is indented less than the
        first one.
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    if not text:
        raise InvalidEdit("expected source for a definition, got none")
    lines = text.split("\n")
    own = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    fixed = _lines_in_strings(text, own)
    shifted = [
        line if number in fixed else _shifted(line, own, number)
        for number, line in enumerate(lines)
    ]
    check_source(document, "\n".join(shifted))
    if _uses_tabs(document.text):
        shifted = [
            line if number in fixed else _with_tabs(line) for number, line in enumerate(shifted)
        ]
    return "\n".join(
        line if number in fixed or not line.strip() else indent + line
        for number, line in enumerate(shifted)
    )


def statements_of(document: Document, source: str) -> list[ast.stmt]:
    """Give the statements of source at no indentation.

    Raises: InvalidEdit, with the line, if it has a syntax error.
    """
    tree = parse_python(Document(path=document.path, text=source))
    if isinstance(tree, Diagnostic):
        line = source[: tree.span.start].count("\n")
        shown = source.split("\n")[line].strip()
        raise InvalidEdit(
            f"the new source has a syntax error in its line {line + 1}, {shown!r}: {tree.message}"
        )
    return [] if tree is None else tree.body


def check_source(document: Document, source: str) -> None:
    """Pass if source at no indentation is Python.

    Raises: InvalidEdit, with the line, if it has a syntax error.
    """
    if document.path.suffix in (".py", ".pyi"):
        statements_of(document, source)


def names_defined(statements: list[ast.stmt]) -> list[str]:
    """Give the names that statements define, in their order; an empty text for none."""
    found: list[str] = []
    for statement in statements:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.append(name)
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found.append(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.append(name)
            case _:
                found.append("")
    return found


def _shifted(line: str, own: str, number: int) -> str:
    if not line.strip():
        return ""
    if not line.startswith(own):
        raise InvalidEdit(
            f"line {number + 1} of the new source is indented less than its first line: {line!r}"
        )
    return line[len(own) :]


def _lines_in_strings(text: str, own: str) -> frozenset[int]:
    """Give the lines, from 0, that start within a string."""
    # An `if` above makes indented source a block that the tokenizer can read.
    head = "if 1:\n" if own else ""
    found: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"{head}{text}\n").readline):
            if token.type == tokenize.STRING:
                found |= set(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass
    return frozenset(line - 1 - bool(own) for line in found)


def _uses_tabs(text: str) -> bool:
    return "\n\t" in text and "\n  " not in text


def _with_tabs(line: str) -> str:
    bare = line.lstrip(" ")
    n_levels, rest = divmod(len(line) - len(bare), 4)
    return "\t" * n_levels + " " * rest + bare
