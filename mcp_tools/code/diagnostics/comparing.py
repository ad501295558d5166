"""The problems of a text before and after an edit: which are the same, and which are new.

A problem is the same when source, code and message are, since its place may move.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from mcp_tools.types.diagnostics import Diagnostic

OWN_SOURCES = frozenset({"syntax", "ruff", "lsp-agent"})
"""Sources that are checked here; a problem of another server can only be believed."""

Key: TypeAlias = tuple[str, str | None, str]
"""Source, code and message."""

_LINE_NUMBER = re.compile(r"\bline \d+")
"""Some messages name another line, which moves when lines are put in above it."""


def key_of(diagnostic: Diagnostic) -> Key:
    """Give what makes a problem the same one before and after an edit."""
    return diagnostic.source, diagnostic.code, _LINE_NUMBER.sub("line", diagnostic.message)


def count(diagnostics: Iterable[Diagnostic]) -> Counter[Key]:
    """Count the problems, equal ones together."""
    return Counter(map(key_of, diagnostics))


def new_problems(before: Counter[Key], after: Counter[Key]) -> Counter[Key]:
    """Give the problems that only the edited text has.

    While a file does not parse, its other problems cannot be seen; those that show once it does
    are not new.
    """
    new = after - before
    if any(source == "syntax" for source, _, _ in before):
        return Counter({key: n for key, n in new.items() if key[0] == "syntax"})
    return new
