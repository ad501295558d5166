"""Repairs that the checkers offer, each by a name that holds for one text."""

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mcp_tools.types.diagnostics import Diagnostic, SuggestedFix
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit

_ID = re.compile(r"([0-9a-f]{8})-[0-9a-f]{8}")
_DIGEST_CHARS = 8


@dataclass(frozen=True, slots=True)
class CodeAction:
    """One repair of one problem."""

    id: str
    """The same for the same repair of the same text, and for no other."""
    diagnostic: Diagnostic
    fix: SuggestedFix


def actions_of(document: Document, diagnostics: Sequence[Diagnostic]) -> tuple[CodeAction, ...]:
    """Give the repairs of problems, in their order."""
    return tuple(
        CodeAction(_id(document, diagnostic, diagnostic.fix), diagnostic, diagnostic.fix)
        for diagnostic in diagnostics
        if diagnostic.fix is not None
    )


def check_is_current(document: Document, ids: Sequence[str]) -> None:
    """Pass if the ids are of the document's text as it is now.

    Raises: InvalidEdit for what is no id; StaleEdit if the text moved on.
    """
    for name in ids:
        match = _ID.fullmatch(name)
        if match is None:
            raise InvalidEdit(
                f"expected the id of an action as code_actions gives it, got {name!r}"
            )
        if match[1] != document.digest[:_DIGEST_CHARS]:
            raise StaleEdit(
                f"the text changed since the action {name!r} was offered; ask code_actions again"
            )


def edits_of(actions: Sequence[CodeAction], ids: Sequence[str]) -> tuple[TextEdit, ...]:
    """Give the edits of the chosen actions together, sorted.

    Raises: NotFound for an action that is not among them; InvalidEdit if two touch.
    """
    by_id = {action.id: action for action in actions}
    edits: set[TextEdit] = set()
    for name in ids:
        if name not in by_id:
            raise NotFound(f"there is no action {name!r}; ask code_actions which there are")
        edits |= set(by_id[name].fix.edits)
    ordered = sorted(edits, key=lambda edit: edit.span)
    for before, after in itertools.pairwise(ordered):
        if before.span.end > after.span.start or before.span == after.span:
            raise InvalidEdit(
                "two of the actions change the same text; apply one of them, then ask "
                "code_actions again"
            )
    return tuple(ordered)


def _id(document: Document, diagnostic: Diagnostic, fix: SuggestedFix) -> str:
    parts = [diagnostic.source, diagnostic.code or "", diagnostic.message, fix.title]
    parts += [str(diagnostic.span), *map(str, fix.edits)]
    hashed = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=4)
    return f"{document.digest[:_DIGEST_CHARS]}-{hashed.hexdigest()}"
