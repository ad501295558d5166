"""A question of the agent on the terminal: one letter, or words for the model."""

from collections.abc import Mapping

from lsp_agent.agent.events import ApprovalRequested
from lsp_agent.agent.questions import AnswerKind, title_of
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.protocol import Approve, CannotAsk

KEYS: Mapping[AnswerKind, str] = {
    AnswerKind.ONCE: "y",
    AnswerKind.SESSION: "s",
    AnswerKind.ALWAYS: "a",
    AnswerKind.TRUST: "t",
    AnswerKind.DENY: "n",
}
FRONT_END = "terminal"
_YES = frozenset({"y", "yes"})
_NO = frozenset({"", "n", "no"})


async def ask_person(terminal: Terminal, event: ApprovalRequested) -> Approve | CannotAsk:
    """Ask, and give the answer; words to the model are a denial, and so is the end of the input."""
    origin = f"{event.origin} asks: " if event.origin else ""
    if not terminal.can_ask:
        told = f"Not allowed, since nobody can be asked here: {origin}{event.question}"
        terminal.note(told, style="yellow")
        return CannotAsk(request_id=event.request_id)
    terminal.close()
    terminal.note(f"{event.detail}\n{origin}{event.question}", style="bold")
    keys = {KEYS[answer]: answer for answer in event.answers}
    for key, answer in keys.items():
        terminal.note(f"  {key}  {title_of(answer, event.rules)}")
    while True:
        line = await terminal.ask(f"[{'/'.join(keys)}, or words to the model]")
        answered = _answer_in(line or "", keys)
        if answered is not None:
            answer, word = answered
            request_id = event.request_id
            return Approve(request_id=request_id, answer=answer, word=word, by=FRONT_END)
        terminal.note(f"{line!r} is none of the answers here", style="yellow")


def _answer_in(line: str, keys: Mapping[str, AnswerKind]) -> tuple[AnswerKind, str] | None:
    """Read an answer; None for a letter that means nothing here."""
    key = line.lower()
    if key in _YES:
        return AnswerKind.ONCE, ""
    if key in _NO:
        return AnswerKind.DENY, ""
    if key in keys:
        return keys[key], ""
    return None if len(key) == 1 else (AnswerKind.DENY, line)
