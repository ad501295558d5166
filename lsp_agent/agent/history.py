"""The conversation of one session, valid at every moment that anyone can see it.

Valid means: the first message is the user's, sides alternate, no message is empty, no text is
blank, no reply ends with a thought, and each `ToolUse` is answered in the very next message.
Providers refuse anything else.
"""

from collections.abc import Iterable, Sequence

from lsp_agent.models.port import Block, Message, Text, Thinking, ToolResultBlock, ToolUse

NOT_RUN = "This call was not run: the work was stopped before it."


class History:
    """Messages so far, plus the reply that is being written."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        """Go on from earlier messages, which must be valid."""
        self._messages = list(messages)
        self._reply: list[Text | Thinking | ToolUse] = []
        self._words = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The finished messages, oldest first."""
        return tuple(self._messages)

    def add_user(self, *blocks: Block) -> None:
        """Add what the user side says; joins the last message when that is the user's too."""
        kept = tuple(block for block in blocks if not _is_blank(block))
        if not kept:
            return
        if self._messages and self._messages[-1].role == "user":
            kept = (*self._messages.pop().blocks, *kept)
        self._messages.append(Message("user", kept))

    def write(self, text: str) -> None:
        """Note a few characters of a block that is still being written."""
        self._words += text

    def finish_block(self, block: Text | Thinking | ToolUse) -> None:
        """Note a whole block of the reply."""
        self._reply.append(block)
        self._words = ""

    def finish_reply(self) -> Message:
        """End the reply that is being written, make it a message and give it.

        A reply that says nothing gives an empty message, which is not kept. Thoughts that lead
        to nothing are left out, since no provider takes them back.
        """
        blocks = [block for block in (*self._reply, Text(self._words)) if not _is_blank(block)]
        while blocks and isinstance(blocks[-1], Thinking):
            blocks.pop()
        reply = Message("assistant", tuple(blocks))
        if reply.blocks:
            self._messages.append(reply)
        self._reply, self._words = [], ""
        return reply

    def seal(self, results: Sequence[ToolResultBlock] = ()) -> None:
        """Make the history valid after work was stopped half way.

        What was written stays; calls without an answer in `results` get one that says so.
        """
        self.finish_reply()
        if not self._messages or not (calls := self._messages[-1].tool_uses):
            return
        answered = {result.tool_use_id: result for result in results}
        self.add_user(*(answered.get(call.id) or _not_run(call) for call in calls))


def problems(messages: Sequence[Message]) -> list[str]:
    """Give what makes a history invalid, one line each; empty for a valid one."""
    found: list[str] = []
    open_ids: set[str] = set()
    for position, message in enumerate(messages):
        expected = "assistant" if position % 2 else "user"
        if message.role != expected:
            found.append(f"message {position} is of the {message.role}, not of the {expected}")
        if not message.blocks:
            found.append(f"message {position} is empty")
        elif isinstance(message.blocks[-1], Thinking):
            found.append(f"message {position} ends with a thought")
        if any(_is_blank(block) for block in message.blocks):
            found.append(f"message {position} has a blank text")
        answered = {b.tool_use_id for b in message.blocks if isinstance(b, ToolResultBlock)}
        if answered != open_ids:
            found.append(f"message {position} answers {answered}, the open calls are {open_ids}")
        open_ids = {call.id for call in message.tool_uses}
    if open_ids:
        found.append(f"calls without an answer at the end: {open_ids}")
    return found


def _is_blank(block: Block) -> bool:
    return isinstance(block, Text) and not block.text.strip()


def _not_run(call: ToolUse) -> ToolResultBlock:
    return ToolResultBlock(tool_use_id=call.id, text=NOT_RUN, is_error=True)
