"""pygls' protocol object with its faults mended.

pygls 2.1.1 splits lines where the protocol does not (form feed, U+2028 ...), so an incremental
edit behind such a character would corrupt the text: documents are kept by `documents` instead.
A cancelled `executeCommand` goes on; a request that cannot be read is never answered; what is
answered after `exit` ends in an endless chain of errors; and an unexpected error is sent to the
client with a traceback; a request at the wrong time is obeyed or never answered; and an answer
that cannot be read leaves its request waiting. These are mended here.
"""

from collections.abc import Callable, Generator
from typing import Any, cast

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

from lsp_agent.server.code.ready import Ready, Refused
from lsp_agent.server.review.port import SCHEME

AnyServer = Any
"""The server object, whose class is made from this one."""
AnyMessage = Any
"""What lsprotocol or pygls made of a message."""
CancelListener = Callable[[int | str], None]
LossListener = Callable[[str], None]
"""Gets the URI of a document of which a change could not be read."""


class AgentProtocol(LanguageServerProtocol):
    """The protocol of one connection."""

    def __init__(self, server: AnyServer, converter: Converter) -> None:
        """Start with nobody listening for cancellations."""
        super().__init__(server, converter)
        self.on_cancel: CancelListener = lambda request_id: None
        self.on_lost_change: LossListener = lambda uri: None
        self._is_closed = False

    @property
    def was_shut_down(self) -> bool:
        """Whether the client asked for an orderly end."""
        return self._shutdown

    def leave_out(self, method: str) -> None:
        """Have no handler for a method, as if it had never been registered."""
        self._own_handlers.pop(method, None)

    def structure_message(self, data: dict[str, Any]) -> object:
        """Read a message; a request that cannot be read is answered, so that nobody waits."""
        _mend(data)
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and "id" in data:
                self._send_response(data["id"], error=error.to_response_error())
            elif data.get("method") == lsp.TEXT_DOCUMENT_DID_CHANGE:
                self._lose_document(data["params"])
            elif "id" in data:
                self._fail_request(data["id"])
            raise

    def handle_message(self, message: AnyMessage) -> None:
        """Handle a message, or refuse a request that comes at the wrong time."""
        method = getattr(message, "method", None)
        error = None if method in (None, lsp.EXIT) else self._refusal(str(method))
        if error is None:
            super().handle_message(message)
        elif hasattr(message, "id"):
            self._send_response(message.id, error=error)

    def _refusal(self, method: str) -> lsp.ResponseError | None:
        """Say why a method is not for now, None if it is.

        Source: LSP 3.17, "Initialize Request" and "Shutdown Request".
        """
        is_initialized = self._workspace is not None
        if self._shutdown:
            code, text = lsp.ErrorCodes.InvalidRequest, "the server was shut down; send `exit`"
        elif method == lsp.INITIALIZE and is_initialized:
            code, text = lsp.ErrorCodes.InvalidRequest, "the server is initialized already"
        elif method != lsp.INITIALIZE and not is_initialized:
            code, text = lsp.ErrorCodes.ServerNotInitialized, "send `initialize` first"
        else:
            return None
        return lsp.ResponseError(code=code.value, message=text)

    def _fail_request(self, request_id: object) -> None:
        """End the wait for an answer that came but cannot be read."""
        future = (
            self._request_futures.pop(request_id, None)
            if isinstance(request_id, int | str)
            else None
        )
        if future is not None:
            future.set_exception(JsonRpcException("its answer could not be read"))

    def _lose_document(self, params: object) -> None:
        """Tell of a change that cannot be read: the text that it would give is not known."""
        identifier = _object(_object(params).get("textDocument"))
        self.on_lost_change(str(identifier.get("uri")))

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(
        self, params: lsp.InitializeParams
    ) -> Generator[Any, Any, lsp.InitializeResult]:
        """Answer with our capabilities; pygls knows none for documents that are no files."""
        result = yield from super().lsp_initialize(params)
        asked = params.capabilities.workspace
        if asked is not None and asked.text_document_content is not None:
            assert result.capabilities.workspace is not None
            content = lsp.TextDocumentContentOptions(schemes=[SCHEME])
            result.capabilities.workspace.text_document_content = content
        return result

    @lsp_method(lsp.EXIT)
    def lsp_exit(self, *args: object) -> Generator[Any, Any, None]:
        """Leave; what is still being answered has nobody to read it any more."""
        self._is_closed = True
        leave = super().lsp_exit  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]  # bare *args there
        yield from leave(*args)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: lsp.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand over to our own handler and keep no second copy."""
        yield self._own_handler(lsp.TEXT_DOCUMENT_DID_OPEN), (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: lsp.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand over to our own handler and keep no second copy."""
        yield self._own_handler(lsp.TEXT_DOCUMENT_DID_CHANGE), (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: lsp.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand over to our own handler and keep no second copy."""
        yield self._own_handler(lsp.TEXT_DOCUMENT_DID_CLOSE), (params,), None

    @lsp_method(lsp.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(
        self, params: lsp.ExecuteCommandParams
    ) -> Generator[Any, Any, Any]:
        """Run a command; all of ours take one object, and editors may leave an empty one out."""
        params.arguments = params.arguments or [{}]
        return (yield from super().lsp_workspace__execute_command(params))

    @lsp_method(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(
        self, params: lsp.WorkDoneProgressCancelParams
    ) -> Generator[Any, Any, None]:
        """Hand over to our own handler, which knows the tokens."""
        yield self._own_handler(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL), (params,), None

    def _own_handler(self, method: str) -> Callable[..., Any]:
        return self._own_handlers[method]

    @property
    def _own_handlers(self) -> dict[str, Callable[..., Any]]:
        return cast(
            "dict[str, Callable[..., Any]]",
            self.fm.features,  # pyright: ignore[reportUnknownMemberType]  # a bare Dict there
        )

    def _handle_cancel_notification(self, msg_id: int | str) -> None:
        """Cancel a request, and the background work that an answered command has started."""
        self.on_cancel(msg_id)
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def _send_data(self, data: object) -> None:
        """Send a message, unless the connection has ended."""
        if not self._is_closed:
            super()._send_data(data)

    def _send_response(
        self, msg_id: int | str, result: object = None, error: lsp.ResponseError | None = None
    ) -> None:
        """Answer a request; an unexpected error goes without its traceback."""
        if isinstance(result, Ready):
            self._send_bytes(result.message(msg_id))
            return
        if isinstance(result, Refused):
            result, error = None, result.error
        if error is not None and error.code == lsp.ErrorCodes.InternalError.value:
            error = lsp.ResponseError(code=error.code, message=error.message)
        super()._send_response(msg_id, result, error)

    def _send_bytes(self, body: bytes) -> None:
        """Send a message that is written already, unless the connection has ended."""
        if self._is_closed or self.writer is None:
            return
        header = b"Content-Length: %d\r\n\r\n" % len(body) if self._include_headers else b""
        self.writer.write(header + body)  # Of pipes and sockets, which are not waited for.


def _mend(data: dict[str, Any]) -> None:
    """Bring one JSON object of a message into the form that lsprotocol reads."""
    if "method" in data and "jsonrpc" in data:
        data.setdefault("params", None)
    if "text" in data and data.get("range", data) is None:
        del data["range"]  # Some clients write a change of the whole document so.
    if "range" in data and "message" in data:
        # A diagnostic: a markup message (LSP 3.18), or a code with a link as VS Code has it.
        for name in ("message", "code"):
            data[name] = _object(data.get(name)).get("value", data.get(name))


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
