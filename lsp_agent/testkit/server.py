"""A scripted model behind a real HTTP server on loopback, for tests of agents."""

from pathlib import Path
from types import TracebackType
from typing import Self

from lsp_agent.testkit.desk import Desk
from lsp_agent.testkit.load import parse_script, read_script
from lsp_agent.testkit.loopback import LOOPBACK, LoopbackServer
from lsp_agent.testkit.record import RequestLog, RequestRecord
from lsp_agent.testkit.script import Script

DEFAULT_TIMEOUT_S = 5.0


class ScriptedModel:
    """A model that says what a script says, over the Anthropic Messages API.

    Use it in a `with` statement, or between `start` and `close`.
    Each request runs in a thread of its own; turns are handed out in the order of arrival.
    """

    def __init__(
        self, script: Script | Path | object, log_path: Path | None = None, *, port: int = 0
    ) -> None:
        """Prepare to play `script`: a `Script`, the path of a JSON file, or a JSON value.

        `log_path` is a file to which a JSON line is added for each request; `port` 0 takes a
        free one.  Nothing listens before `start`.
        Raises: ScriptError if it is not a script; OSError if its file cannot be read.
        """
        self._log = RequestLog()
        self._desk = Desk(_as_script(script), self._log)
        self._log_path = log_path
        self._port = port
        self._server: LoopbackServer | None = None

    def __enter__(self) -> Self:
        """Start to listen."""
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the server."""
        self.close()

    @property
    def url(self) -> str:
        """The value for `ANTHROPIC_BASE_URL`.

        Raises: RuntimeError if the server does not listen.
        """
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def port(self) -> int:
        """The TCP port.

        Raises: RuntimeError if the server does not listen.
        """
        if self._server is None:
            raise RuntimeError("expected a started ScriptedModel; use it in a `with` statement")
        return self._server.port

    @property
    def requests(self) -> list[RequestRecord]:
        """What came so far, in the order of arrival; still there after `close`."""
        return self._log.records()

    @property
    def unplayed_turns(self) -> list[int]:
        """The indexes of the turns that still owe an answer."""
        return self._desk.unplayed_turns()

    def start(self) -> None:
        """Listen on loopback.

        Raises: RuntimeError if it listens already; OSError if the port or the log cannot be opened.
        """
        if self._server is not None:
            raise RuntimeError("expected a ScriptedModel that does not listen yet; close it first")
        server = LoopbackServer(self._port, self._desk)
        try:
            self._log.open(self._log_path)
        except OSError:
            server.server_close()
            raise
        server.start()
        self._server = server

    def close(self) -> None:
        """End all answers and stop listening; nothing is left running."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            self._log.close()

    def wait_for_request(self, n: int, timeout_s: float = DEFAULT_TIMEOUT_S) -> RequestRecord:
        """Wait until request `n`, counted from 1, has come.

        Its answer may still be under way.

        Raises: TimeoutError if it did not come in time.
        """
        return self._log.wait_for_request(n, timeout_s)

    def wait_for_ending(self, n: int, timeout_s: float = DEFAULT_TIMEOUT_S) -> RequestRecord:
        """Wait until the answer to request `n`, counted from 1, has ended.

        Raises: TimeoutError if it did not end in time.
        """
        return self._log.wait_for_ending(n, timeout_s)


def _as_script(script: Script | Path | object) -> Script:
    if isinstance(script, Script):
        return script
    return read_script(script) if isinstance(script, Path) else parse_script(script)
