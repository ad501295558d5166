"""Attributes that the type of their owner does not have, and nearly has.

Reported only where the type is sure by the shape of the code, jedi knows all of its class
hierarchy, and exactly one attribute has the closest name.
"""

import ast
import threading
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import OSA

from mcp_tools.code.checks.certainty import Certainty, Identity
from mcp_tools.code.checks.jedi_types import JediTypes
from mcp_tools.code.checks.places import end_of
from mcp_tools.types.diagnostics import Diagnostic, Severity, SuggestedFix
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span

SOURCE = "lsp-agent"
CODE = "unknown-attribute"

# Jedi is not made for several threads, whatever it is asked.
_JEDI_LOCK = threading.Lock()
_SHORT_NAME_CHARS = 5
_MAX_ASKED = 1000
"""Attributes that jedi is asked about at once; four thousand take more than a minute."""


def unknown_attributes(
    document: Document,
    tree: ast.Module,
    *,
    root: Path,
    within: Span,
    max_asked: int = _MAX_ASKED,
) -> tuple[Diagnostic, ...]:
    """Give the accesses to attributes that do not exist, each with a repair.

    It takes a while; call it in a thread. Other files are read from disk, saved or not. Where
    there are more than `max_asked` to ask about, one more diagnostic says so.
    """
    certainty = Certainty(tree)
    if certainty.has_star_import:
        return ()
    doubtful = set(_doubtful_names(tree))
    found: list[Diagnostic] = []
    # Jedi takes milliseconds for each question, and most files repeat themselves.
    silent: set[Identity] = set()
    with _JEDI_LOCK:
        types = JediTypes(document, root)
        n_asked = 0
        for node, span in _accesses(document, tree, within):
            if node.attr in doubtful or not certainty.is_sure(node.value):
                continue
            identity = certainty.identity(node)
            if identity in silent or certainty.is_guarded(node):
                continue
            if n_asked == max_asked:
                found.append(_too_many(document, within))
                break
            n_asked += 1
            problems = list(_check(document, types, node, span))
            found += problems
            if identity is not None and not problems:
                silent.add(identity)
    return tuple(found)


def _too_many(document: Document, within: Span) -> Diagnostic:
    return Diagnostic(
        path=document.path,
        span=Span(within.start, within.start),
        message="Not all attributes were checked, there are too many; check fewer lines at once",
        source=SOURCE,
        code=f"{CODE}-incomplete",
        severity=Severity.INFORMATION,
    )


def _accesses(
    document: Document, tree: ast.Module, within: Span
) -> Iterator[tuple[ast.Attribute, Span]]:
    """Yield each attribute that is read, with where its name stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            end = end_of(document, node)
            span = Span(max(0, end - len(node.attr)), end)
            # The tree has names in normal form; one that was written otherwise is left alone.
            is_as_written = document.text[span.start : span.end] == node.attr
            if is_as_written and span.touches(within) and not node.attr.startswith("__"):
                yield node, span


def _doubtful_names(tree: ast.Module) -> Iterator[str]:
    """Yield names that the file sets, or speaks of in a string, as `hasattr` and others do."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text
            case _:
                pass


def _check(
    document: Document, types: JediTypes, node: ast.Attribute, span: Span
) -> Iterator[Diagnostic]:
    if types.resolves(span.start):
        return
    owner = types.sure_owner(node)
    if owner is None:
        return
    names = types.attribute_names(span.start)
    close = _close_names(node.attr, names)
    if node.attr in names or len(close) != 1:
        return
    edit = TextEdit(span, close[0])
    yield Diagnostic(
        path=document.path,
        span=span,
        message=f"Unknown attribute {node.attr!r} of {owner!r}; did you mean {close[0]!r}?",
        source=SOURCE,
        code=CODE,
        severity=Severity.ERROR,
        fix=SuggestedFix(title=f"Change to {close[0]!r}", is_safe=False, edits=(edit,)),
    )


def _close_names(name: str, names: frozenset[str]) -> list[str]:
    """Give the closest names: a slip of one key away, or of two when the name is long."""
    closest: list[str] = []
    least = 1 if len(name) < _SHORT_NAME_CHARS else 2
    for other in sorted(names):
        if other.startswith("__" if name.startswith("_") else "_"):
            continue
        distance = OSA.distance(name, other, score_cutoff=least)
        if distance > least:
            continue
        if distance < least:
            closest, least = [], distance
        closest.append(other)
    return closest
