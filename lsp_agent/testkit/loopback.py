"""The HTTP side: reads requests on loopback and sends planned replies."""

import socket  # noqa: TID251  # a server on loopback is what this module is
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from selectors import EVENT_READ, DefaultSelector
from socketserver import TCPServer
from typing import TypeAlias, cast

from lsp_agent.testkit.answers import Incoming, parse_body
from lsp_agent.testkit.desk import Desk
from lsp_agent.testkit.record import Ending
from lsp_agent.testkit.reply import Finish, Reply

LOOPBACK = "127.0.0.1"

_Request: TypeAlias = "socket.socket | tuple[bytes, socket.socket]"


class LoopbackServer(TCPServer):
    """A server with one thread a connection, all of which end in `stop`."""

    allow_reuse_address = True
    request_queue_size = 128
    # A connection that is gone before it is accepted is not waited for.
    timeout = 0

    def __init__(self, port: int, desk: Desk) -> None:
        """Take `port`, or a free one for 0; `desk` answers what arrives after `start`."""
        # Every thread that waits watches the one end; closing the other wakes them all.
        self.closing, self._close_signal = socket.socketpair()
        # Only now: a port that is taken makes the base class call `server_close`.
        super().__init__((LOOPBACK, port), _Handler)
        self.desk = desk
        self.is_stopping = False
        # Only the acceptor touches the list while it runs, so it needs no lock.
        self._connections: list[tuple[socket.socket, threading.Thread]] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        """The TCP port that was taken."""
        return self.socket.getsockname()[1]

    def start(self) -> None:
        """Accept connections from now on."""
        self._acceptor.start()

    def stop(self) -> None:
        """Stop accepting, end every connection, and wait for its thread."""
        self.is_stopping = True
        self._close_signal.close()
        self._acceptor.join()
        for connection, _ in self._connections:
            # Wakes a thread that waits for the next request, or for a client that does not read.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in self._connections:
            thread.join()
        self.server_close()

    def server_close(self) -> None:
        """Give the port back; for a server that was never started, or has stopped."""
        super().server_close()
        self._close_signal.close()
        self.closing.close()

    def process_request(self, request: _Request, client_address: object) -> None:
        """Serve a new connection in its own thread."""
        connection = cast(socket.socket, request)
        thread = threading.Thread(
            target=self._serve, args=(connection, client_address), daemon=True
        )
        thread.start()
        self._connections = [pair for pair in self._connections if pair[1].is_alive()]
        self._connections.append((connection, thread))

    def _accept(self) -> None:
        with _watching(self.socket, self.closing) as ready:
            while self.closing not in ready():
                self.handle_request()

    def _serve(self, connection: socket.socket, client_address: object) -> None:
        try:
            # A client may leave at any time; that is its right, and no error here.
            with suppress(ConnectionError):
                self.finish_request(connection, client_address)
        finally:
            self.shutdown_request(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the request log says more."""

    def _answer(self) -> None:
        self._n_frames = 0
        server = cast(LoopbackServer, self.server)
        number, reply = server.desk.decide(self._incoming())
        try:
            self._send(reply, number)
            ending = self._finish(reply)
        except ConnectionError:
            ending = Ending.SERVER_CLOSED if server.is_stopping else Ending.CLIENT_CLOSED
        if ending is not Ending.COMPLETE:
            self.close_connection = True
        server.desk.note_ending(number, ending, self._n_frames)

    def _incoming(self) -> Incoming:
        length = self.headers.get("content-length") or "0"
        content = self.rfile.read(int(length)) if length.isdecimal() else b""
        if "transfer-encoding" in self.headers:
            # A body in chunks is not read, so nothing after it can be told apart from it.
            self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = parse_body(content)
        return Incoming(method=self.command, path=self.path, headers=headers, body=body)

    def _send(self, reply: Reply, number: int) -> None:
        if not reply.status:
            return
        # Without a date or a server name, the same script gives the same bytes every time.
        self.send_response_only(reply.status, _phrase(reply.status))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("request-id", f"req_{number:04}")
        if reply.size_bytes is None:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("content-length", str(reply.size_bytes))
        self.end_headers()
        for frame in reply.frames:
            self.wfile.write(frame if reply.size_bytes is not None else _chunk(frame))
            self._n_frames += 1

    def _finish(self, reply: Reply) -> Ending:
        if reply.finish is Finish.DISCONNECT:
            return Ending.CUT
        if reply.finish is Finish.HANG:
            return self._wait_for_the_end()
        if reply.size_bytes is None:
            self.wfile.write(_chunk(b""))
        return Ending.COMPLETE

    def _wait_for_the_end(self) -> Ending:
        """Say nothing until the client leaves or the server stops."""
        closing = cast(LoopbackServer, self.server).closing
        with _watching(self.connection, closing) as ready:
            while closing not in ready():
                # A byte that is sent into a hanging answer is read and forgotten.
                if not self.connection.recv(1024):
                    return Ending.CLIENT_CLOSED
        return Ending.SERVER_CLOSED


@contextmanager
def _watching(*sockets: socket.socket) -> Generator[Callable[[], list[object]]]:
    """Give a function that waits for some of `sockets` to be readable."""
    with DefaultSelector() as selector:
        for watched in sockets:
            selector.register(watched, EVENT_READ)
        yield lambda: [key.fileobj for key, _ in selector.select()]


def _chunk(frame: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(frame), frame)


def _phrase(status: int) -> str:
    # 529 is Anthropic's own, which no table of HTTP statuses has.
    known = {entry.value: entry.phrase for entry in HTTPStatus}
    return known.get(status, "Overloaded")
