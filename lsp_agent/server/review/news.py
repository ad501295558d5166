"""What changes about proposals is shown: lenses and documents for review follow, soon after."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass

from lsprotocol import types as lsp

from lsp_agent.server.folders import Folder
from lsp_agent.server.review.marks import Note
from lsp_agent.server.review.pages import ReviewPages
from lsp_agent.server.review.port import SCHEME
from lsp_agent.server.server import AgentServer
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.disk.recovery import Recovered
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.workspace import Draft, Drop, Hold, Modification, Put

REFRESH_DELAY_S = 0.2
"""How long more changes are waited for; a person who types makes many."""
_OPTIONS = {"documentSelector": [{"scheme": SCHEME}]}


@dataclass(frozen=True, slots=True)
class _Sent:
    """Comments that were given to the agent."""

    notes: tuple[Note, ...]
    before: Proposal | None = None
    """What the agent began with; None until it begins."""


class ReviewNews:
    """Follows the folders of one server."""

    def __init__(self, server: AgentServer, pages: ReviewPages) -> None:
        """Start with no folder."""
        self._server = server
        self._pages = pages
        self._sent: dict[str, _Sent] = {}
        self._is_due = False
        self._lenses_are_due = False
        self._refreshing: asyncio.Task[None] | None = None
        self._others: set[asyncio.Task[None]] = set()

    def register(self) -> None:
        """Ask the editor to let us act in documents that are no files, whatever it sends else."""
        abilities = self._server.connection.abilities
        methods = [
            (lsp.TEXT_DOCUMENT_CODE_ACTION, abilities.registers_code_actions),
            (lsp.TEXT_DOCUMENT_CODE_LENS, abilities.registers_code_lenses),
        ]
        registrations = [
            lsp.Registration(id=f"{SCHEME}-{method}", method=method, register_options=_OPTIONS)
            for method, can_register in methods
            if can_register and abilities.reads_virtual_documents
        ]
        if registrations:
            self._start(self._register(lsp.RegistrationParams(registrations)))

    def follow(self, folder: Folder) -> None:
        """Tell what of earlier sessions a person must know of a folder, and follow it."""
        for recovered in folder.engine.recovered:
            text = _recovery_message(recovered)
            if text:
                self._server.show(lsp.MessageType.Warning, text)
        n_waiting = len(folder.workspace.open_proposals())
        if n_waiting:
            which = "A proposal" if n_waiting == 1 else f"{n_waiting} proposals"
            verb = "waits" if n_waiting == 1 else "wait"
            text = waiting_message(f"{which} of an earlier session {verb} for your decision")
            self._server.show(lsp.MessageType.Info, text)
        folder.workspace.subscribe(self._take)

    def note_sent(self, proposal_id: str, notes: Sequence[Note]) -> None:
        """Note comments that are given to the agent; they go when it has answered them."""
        self._sent[proposal_id] = _Sent(tuple(notes))

    def note_page(self) -> None:
        """Note that a page may have to be made anew."""
        self._soon()

    def note_closed(self, uri: str) -> None:
        """Note that a page was closed."""
        if self._pages.closed(uri):
            self._soon()

    async def close(self) -> None:
        """Stop, and wait until that has ended."""
        tasks = [*self._others, *([self._refreshing] if self._refreshing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, modification: Modification, _revision: int) -> None:
        match modification:
            case Hold():
                return  # Of a draft, which nobody sees.
            case Draft(proposal=proposal):
                self._note_begin(proposal)
                self._lenses_are_due |= bool(proposal.files)
            case Put(proposal=proposal):
                self._note_end(proposal)
                self._lenses_are_due = True
            case Drop():
                self._lenses_are_due = True
            case _:
                pass  # The text below the proposals moved.
        self._soon()

    def _note_begin(self, proposal: Proposal) -> None:
        sent = self._sent.get(proposal.id)
        if sent is not None:
            self._sent[proposal.id] = _Sent(sent.notes, proposal)

    def _note_end(self, proposal: Proposal) -> None:
        """Let comments go if the agent has changed the proposal; else they are still to be sent."""
        sent = self._sent.pop(proposal.id, None)
        if sent is not None and sent.before is not None and sent.before.files != proposal.files:
            self._pages.deliver(proposal.id, sent.notes)

    def _soon(self) -> None:
        self._is_due = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        while self._is_due:
            await asyncio.sleep(REFRESH_DELAY_S)
            self._is_due = False
            if self._lenses_are_due and self._server.connection.abilities.refreshes_code_lenses:
                self._start(self._refresh_lenses())
            self._lenses_are_due = False
            await self._told(self._pages.refresh())

    async def _register(self, params: lsp.RegistrationParams) -> None:
        await self._server.ask(lsp.CLIENT_REGISTER_CAPABILITY, params)

    async def _refresh_lenses(self) -> None:
        await self._server.ask(lsp.WORKSPACE_CODE_LENS_REFRESH, None)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(self._told(work))
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _told(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except ExpectedError as error:
            self._server.show(lsp.MessageType.Warning, str(error))


def waiting_message(what_waits: str) -> str:
    """Say that something waits for review, and how to decide on it."""
    return (
        f"{what_waits}: use the code actions on the changed lines, "
        'or "Show proposed changes" (lspAgent.review)'
    )


def _recovery_message(recovered: Recovered) -> str:
    parts: list[str] = []
    if recovered.put_back:
        parts.append(f"put back as before: {', '.join(recovered.put_back)}")
    if recovered.left:
        parts.append(f"left as found, see `lsp-agent history`: {', '.join(recovered.left)}")
    if not parts:
        return ""
    label = recovered.entry.label
    return f"lsp-agent was stopped in the middle of {label!r}; {'; '.join(parts)}"
