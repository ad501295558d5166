"""What a person can answer to a question, and how each answer is called.

Front ends show the same names; what an answer does is the engine's affair.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import assert_never

MAX_RULE_CHARS = 60
"""Of a rule in the name of an answer; the question itself shows all of it."""


class AnswerKind(StrEnum):
    """One way to answer."""

    ONCE = "once"
    """It may happen this time."""
    SESSION = "session"
    """It may happen until the session ends, and what is like it by the rules shown."""
    ALWAYS = "always"
    """The rules that the question shows are saved."""
    TRUST = "trust"
    """The folder is trusted from now on; then it is decided again."""
    DENY = "deny"
    """It must not happen; a few words may say what to do instead."""


def title_of(kind: AnswerKind, rules: Sequence[str]) -> str:
    """Give the name of an answer, as on a button; `rules` are those that *always* would save."""
    match kind:
        case AnswerKind.ONCE:
            return "Allow once"
        case AnswerKind.SESSION:
            return "Allow in this session"
        case AnswerKind.ALWAYS:
            return f"Always allow: {_short(', '.join(map(_pattern, rules)))}"
        case AnswerKind.TRUST:
            return "Trust this folder"
        case AnswerKind.DENY:
            return "Deny"
        case _:
            assert_never(kind)


def kind_of(title: str | None, kinds: Sequence[AnswerKind], rules: Sequence[str]) -> AnswerKind:
    """Give the answer with a name; whatever is none of them is a no."""
    named = (kind for kind in kinds if title_of(kind, rules) == title)
    return next(named, AnswerKind.DENY)


def _pattern(rule: str) -> str:
    """Give what a rule is about, without what it does: `npm test` of `allow command npm test`."""
    words = rule.split(" ", 2)
    return words[-1]


def _short(text: str) -> str:
    return text if len(text) <= MAX_RULE_CHARS else f"{text[: MAX_RULE_CHARS - 1]}…"
