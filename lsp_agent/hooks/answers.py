"""What a hook answers: a JSON object, of which every part may be left out."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lsp_agent.hooks.events import EventSpec, May

MAX_REASON_CHARS = 500
MAX_CONTEXT_CHARS = 10_000
NO_REASON = "it gave no reason"


class HookFailed(Exception):
    """A hook gave no answer that can be used; the text says why, in words for a person."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a hook wants; an empty one only watches."""

    decision: Annotated[
        Literal["deny", "ask"] | None,
        Meta(description="`deny`: it must not happen. `ask`: only if a person says yes."),
    ] = None
    reason: Annotated[
        str, Meta(description="Why it is denied or asked about, for the person and the model.")
    ] = ""
    change: Annotated[
        dict[str, Any] | None,
        Meta(description="Fields of the payload to take in place of what they were."),
    ] = None
    context: Annotated[
        str, Meta(description="What the model should know; it is told that a hook says so.")
    ] = ""


NOTHING = Answer()


def answer_of(text: bytes | str) -> Answer:
    """Read an answer; blank text is the empty one.

    Raises: HookFailed if it is something else.
    """
    if not text.strip():
        return NOTHING
    try:
        return msgspec.json.decode(text, type=Answer)
    except (ValueError, RecursionError) as error:
        raise HookFailed(f"its answer is not what the schema says: {error}") from error


def denying(reason: str) -> Answer:
    """Give a denial; a long reason is cut."""
    return Answer(decision="deny", reason=_short(reason.strip() or NO_REASON, MAX_REASON_CHARS))


def checked(answer: Answer, spec: EventSpec, *, may_change: bool) -> Answer:
    """Give an answer that keeps within what its event, and its entry in the file, let it do.

    A denial stays one, whatever else the answer says: a slip must not make it weaker.
    Raises: HookFailed.
    """
    if answer.decision == "deny" and May.DENY in spec.may:
        return denying(answer.reason)
    wanted = {
        May.DENY: answer.decision == "deny",
        May.ASK: answer.decision == "ask",
        May.CHANGE: answer.change is not None,
        May.CONTEXT: bool(answer.context.strip()),
    }
    for may, is_wanted in wanted.items():
        if is_wanted and may not in spec.may:
            raise HookFailed(f"it answered with {_NAMES[may]}, which this event does not allow")
    if answer.change is not None and not may_change:
        raise HookFailed("it answered with a change; its entry needs `may_change = true` for that")
    return msgspec.structs.replace(
        answer,
        reason=_short(answer.reason.strip() or NO_REASON, MAX_REASON_CHARS),
        context=_short(answer.context, MAX_CONTEXT_CHARS),
    )


def _short(text: str, max_chars: int) -> str:
    n_left = len(text) - max_chars
    return text if n_left <= 0 else f"{text[:max_chars]} [and {n_left} more characters]"


_NAMES = {
    May.DENY: "a denial",
    May.ASK: "a question",
    May.CHANGE: "a change",
    May.CONTEXT: "context",
}
