"""A question of the agent in the editor: as a message with buttons, or shown by its client."""

import asyncio
from typing import assert_never

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved
from lsp_agent.agent.questions import AnswerKind, kind_of, title_of
from lsp_agent.engine.protocol import Approve, CannotAsk
from lsp_agent.server.server import AgentServer
from lsp_agent.server.sessions import TaskSession
from mcp_tools.types.json import JsonObject

FRONT_END = "editor"
REQUESTED = "$/lspAgent/approvalRequested"
RESOLVED = "$/lspAgent/approvalResolved"


class Questions:
    """The questions of one task."""

    def __init__(self, server: AgentServer) -> None:
        """Begin with none."""
        self._server = server
        self._asking: set[asyncio.Task[None]] = set()

    @property
    def _are_shown_there(self) -> bool:
        return self._server.connection.abilities.shows_questions

    def take(self, event: ApprovalRequested | ApprovalResolved, session: TaskSession) -> None:
        """Put a question before the person, or tell that it is settled."""
        match event:
            case ApprovalRequested():
                self._begin(event, session)
            case ApprovalResolved():
                if self._are_shown_there:
                    self._server.wire.notify(RESOLVED, _settlement(event))
            case _:
                assert_never(event)

    def _begin(self, event: ApprovalRequested, session: TaskSession) -> None:
        if self._are_shown_there:
            self._server.wire.notify(REQUESTED, _question(event))
            return
        # It outlives its task: a message stays open, and who answers it is told that it is late.
        asking = asyncio.create_task(self._ask(event, session))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _ask(self, event: ApprovalRequested, session: TaskSession) -> None:
        """Ask by a message; an editor that cannot show one means no."""
        params = lsp.ShowMessageRequestParams(
            type=lsp.MessageType.Warning,
            message=_message(event),
            actions=[
                lsp.MessageActionItem(title=title_of(answer, event.rules))
                for answer in event.answers
            ],
        )
        try:
            # Shielded, since pygls shows an error when an answer comes that nobody awaits.
            chosen = await asyncio.shield(self._server.window_show_message_request_async(params))
        except JsonRpcException as error:
            text = f"Not allowed, since this editor cannot ask: {event.question} ({error})"
            self._server.show(lsp.MessageType.Warning, text)
            session.signal(CannotAsk(request_id=event.request_id))
            return
        # To close the message is to say no; nothing else is taken for a yes either.
        answer = AnswerKind.DENY
        if chosen is not None:
            answer = kind_of(chosen.title, event.answers, event.rules)
        approve = Approve(request_id=event.request_id, answer=answer, by=FRONT_END)
        if not session.signal(approve) and chosen is not None:
            text = f"Too late, that was settled already: {event.question}"
            self._server.show(lsp.MessageType.Info, text)


def _message(event: ApprovalRequested) -> str:
    """Give the question with all that there is to see of it."""
    origin = f"{event.origin} asks: " if event.origin else ""
    return f"{origin}{event.question}\n{event.detail}"


def _question(event: ApprovalRequested) -> JsonObject:
    return {
        "requestId": event.request_id,
        "question": event.question,
        "detail": event.detail,
        "answers": [
            {"answer": answer.value, "title": title_of(answer, event.rules)}
            for answer in event.answers
        ],
        "rules": list(event.rules),
        "trusting": list(event.trusting),
        "origin": event.origin,
    }


def _settlement(event: ApprovalResolved) -> JsonObject:
    answer = None if event.answer is None else event.answer.value
    return {"requestId": event.request_id, "isAllowed": event.is_allowed, "answer": answer}
