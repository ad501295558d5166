"""The server object of one connection: documents, the client's abilities, and the desk.

The desk does the agent's part. It is behind a port because it stands on everything heavy, and
is loaded only after `initialize` has been answered.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import BinaryIO, Protocol, cast

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from lsp_agent.agent.questions import AnswerKind
from lsp_agent.server.client import ClientAbilities, abilities_of
from lsp_agent.server.code.port import CodeDesk
from lsp_agent.server.code.switches import methods_without
from lsp_agent.server.convert import Encoding, uri_of
from lsp_agent.server.documents import Documents, OpenDocument
from lsp_agent.server.protocol import AgentProtocol
from lsp_agent.server.reading import MessageReader
from lsp_agent.server.review.port import ReviewDesk, Wish

SERVER_NAME = "lsp-agent"
COURTESY_TIMEOUT_S = 10.0

logger = logging.getLogger(__name__)


class Desk(Protocol):
    """What the features ask of the agent's side, in terms of the protocol.

    The `start_` methods return at once with the id of a task that goes on in the background.
    """

    @property
    def review(self) -> ReviewDesk:
        """What concerns proposals that wait for review."""
        ...

    @property
    def code(self) -> CodeDesk:
        """What answers questions about code."""
        ...

    def document_changed(self, document: OpenDocument) -> None:
        """A document was opened, or its text changed."""
        ...

    def document_closed(self, document: OpenDocument) -> None:
        """A document was closed."""
        ...

    def files_changed(self, uris: Sequence[str]) -> None:
        """Files changed on disk."""
        ...

    async def diagnostics(self, uri: str) -> Sequence[lsp.Diagnostic]:
        """Give what our own checkers report for an open document; empty for any other."""
        ...

    def known_diagnostics(self, uri: str) -> Sequence[lsp.Diagnostic]:
        """Give the last answer of `diagnostics` if it is of the text of now; does not check."""
        ...

    def start_fix(self, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> str:
        """Fix these problems of a document, or all that we find when there are none."""
        ...

    def start_explain(self, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> str:
        """Explain these problems of a document."""
        ...

    def start_ask(self, text: str, uri: str | None, range_: lsp.Range | None) -> str:
        """Do, or answer, what the user wrote about a document, a part of one, or neither."""
        ...

    def start_undo(self, wish: Wish) -> str:
        """Take back what the wish names."""
        ...

    def start_redo(self, wish: Wish) -> str:
        """Make again what was undone, as the wish names it."""
        ...

    def approve(self, request_id: str, answer: AnswerKind, word: str) -> bool:
        """Answer a question of a task; False if it is not open, or was answered already."""
        ...

    def start_trust(self, uri: str | None) -> dict[str, str]:
        """Begin to ask whether a folder is trusted; tell which, and whether it is now.

        Raises: ExpectedError.
        """
        ...

    def revoke_trust(self, uri: str | None) -> dict[str, str]:
        """Take the trust in a folder back; tell which, and whether it is still trusted.

        Raises: ExpectedError.
        """
        ...

    def cancel(self, task_id: str | None) -> int:
        """Interrupt one task, or all, and give how many."""
        ...

    def cancel_by_token(self, token: int | str) -> None:
        """Interrupt the task that reports its progress under a token."""
        ...

    def cancel_by_request(self, request_id: int | str) -> None:
        """Interrupt the task that was started by a request."""
        ...

    async def close(self) -> None:
        """Interrupt everything and wait until it has ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What `initialize` agreed on."""

    abilities: ClientAbilities
    encoding: Encoding | str
    options: Mapping[str, object]
    """`initializationOptions`: settings of this editor, unchecked."""
    folders: tuple[str, ...]
    """URIs of the folders that the editor has open."""


DeskMaker = Callable[["AgentServer"], Desk]


class AgentServer(LanguageServer):
    """The language server; features get it as their first argument."""

    def __init__(self, version: str, make_desk: DeskMaker) -> None:
        """Make a server that loads its desk by `make_desk` when it is first needed."""
        # One thread reads stdin; our own blocking work runs on the event loop's own threads.
        super().__init__(SERVER_NAME, version, protocol_cls=AgentProtocol, max_workers=4)  # pyright: ignore[reportUnknownMemberType]  # pygls has bare *args
        self.documents = Documents()
        self.wire.on_lost_change = self._lose
        self._make_desk = make_desk
        self._desk: Desk | None = None
        self._connection: Connection | None = None

    @property
    def wire(self) -> AgentProtocol:
        """The protocol object, for messages that pygls has no method for."""
        return cast(AgentProtocol, self.protocol)

    @property
    def connection(self) -> Connection:
        """What `initialize` agreed on; not to be asked before."""
        assert self._connection is not None, "not initialized"
        return self._connection

    @property
    def desk(self) -> Desk:
        """The agent's side, loaded at the first use."""
        if self._desk is None:
            self._desk = self._make_desk(self)
            self.wire.on_cancel = self._desk.cancel_by_request
        return self._desk

    def serve(self, source: BinaryIO, sink: BinaryIO) -> None:
        """Serve one client until it leaves, as `start_io` does, but read each message at once."""
        self._stop_event = stop = Event()
        self.wire.set_writer(StdoutWriter(sink))
        reader = MessageReader(source, self.thread_pool)
        try:
            asyncio.run(run_async(stop, reader, self.wire, error_handler=self.report_server_error))
        except BrokenPipeError:
            logger.warning("the client has gone")
        except (KeyboardInterrupt, SystemExit):
            pass
        finally:
            self.shutdown()

    def connect(self, params: lsp.InitializeParams) -> None:
        """Note what the client said in `initialize`."""
        folders = tuple(folder.uri for folder in params.workspace_folders or ())
        if not folders and params.root_uri:
            folders = (params.root_uri,)
        if not folders and params.root_path:
            folders = (uri_of(Path(params.root_path)),)
        self._connection = Connection(
            abilities=abilities_of(params.capabilities),
            encoding=self.workspace.position_encoding or Encoding.Utf16,
            options=_as_mapping(params.initialization_options),
            folders=folders,
        )
        # What is left out here is not among the capabilities, which are told after this.
        for method in methods_without(self._connection.options):
            self.wire.leave_out(method)

    async def disconnect(self) -> None:
        """End all work, if there ever was any."""
        if self._desk is not None:
            await self._desk.close()

    def _lose(self, uri: str) -> None:
        """Let go of a document whose text is not known any more: a change was not readable."""
        document = self.documents.close(uri)
        if document is not None:
            self.desk.document_closed(document)
            self.show_error(
                f"a change of {uri!r} could not be read; close the document and open it again"
            )

    async def ask(self, method: str, params: object) -> bool:
        """Send a request that is a courtesy, and tell whether it was answered."""
        # Shielded, since pygls shows an error when an answer comes that nobody awaits.
        answer = asyncio.shield(self.wire.send_request_async(method, params))
        try:
            async with asyncio.timeout(COURTESY_TIMEOUT_S):
                await answer
        except (TimeoutError, JsonRpcException):
            return False
        return True

    def show_error(self, text: str) -> None:
        """Show that something is wrong and must be mended by the person."""
        self.show(lsp.MessageType.Error, text)

    def show(self, kind: lsp.MessageType, text: str) -> None:
        """Show a short message to the person."""
        self.window_show_message(lsp.ShowMessageParams(type=kind, message=text))


def _as_mapping(options: object) -> Mapping[str, object]:
    """Give options as a plain mapping; pygls makes named tuples of untyped objects."""
    if isinstance(options, dict):
        return cast("dict[str, object]", options)
    as_dict = getattr(options, "_asdict", None)
    return as_dict() if as_dict is not None else {}
