"""The person behind a client, asked in the way of each era.

In the handshake era the server sends its client a request while the call runs. In the era of
2026-07-28 the call is suspended (`suspending.py`), and its client is told what to ask.
"""

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from mcp_tools.server.convert import question_to_mcp, reply_from_mcp
from mcp_tools.server.slots import Slot
from mcp_tools.server.state import Context
from mcp_tools.types.attending import Person, Question, Reply

ASKING_S = 600.0
"""How long a person has for an answer."""


def is_modern(context: Context) -> bool:
    """Tell whether the client speaks the era without a handshake."""
    return context.protocol_version in MODERN_PROTOCOL_VERSIONS


def can_ask(context: Context) -> bool:
    """Tell whether the client has said that it can ask a person, and there is a way to it."""
    capabilities = context.session.client_capabilities
    elicitation = None if capabilities is None else capabilities.elicitation
    if elicitation is None:
        return False
    if elicitation.form is None and elicitation.url is not None:
        return False
    return is_modern(context) or context.session.can_send_request


class ElicitingPerson:
    """Who is asked by a request of the server, while the call's own request is open."""

    def __init__(self, context: Context) -> None:
        """Ask the client that sent this request."""
        self._context = context

    async def ask(self, question: Question) -> Reply | None:
        """Ask and wait; any failure is no answer."""
        try:
            result = await self._context.session.send_request(
                question_to_mcp(question),
                types.ElicitResult,
                request_read_timeout_seconds=ASKING_S,
                metadata=ServerMessageMetadata(related_request_id=self._context.request_id),
            )
        except (MCPError, ValidationError):
            return None
        return reply_from_mcp(result, question)


class PatientPerson:
    """Lets other calls run while a person thinks."""

    def __init__(self, person: Person, slot: Slot) -> None:
        """Ask `person`; `slot` is the place of the call that asks."""
        self._person = person
        self._slot = slot

    async def ask(self, question: Question) -> Reply | None:
        """Ask and wait."""
        async with self._slot.lent():
            return await self._person.ask(question)
