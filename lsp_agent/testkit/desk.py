"""Where all connections meet: one request at a time gets number and answer."""

from threading import Lock

from lsp_agent.testkit.answers import Answers, Incoming
from lsp_agent.testkit.record import Ending, RequestLog, RequestRecord, without_secrets
from lsp_agent.testkit.reply import Reply
from lsp_agent.testkit.request import read_request
from lsp_agent.testkit.script import Script


class Desk:
    """Hands out answers, safely for threads, and records what it handed out."""

    def __init__(self, script: Script, log: RequestLog) -> None:
        """Start before the first turn of `script`; records go to `log`."""
        self._answers = Answers(script)
        self._log = log
        self._lock = Lock()
        self._n_requests = 0

    def decide(self, incoming: Incoming) -> tuple[int, Reply]:
        """Give a request its number, counted from 1, and its answer."""
        with self._lock:
            self._n_requests += 1
            reply = self._answers.reply(incoming, self._n_requests)
            self._log.add(_record(self._n_requests, incoming, reply))
            return self._n_requests, reply

    def note_ending(self, number: int, ending: Ending, n_frames: int) -> None:
        """Record how the answer to request `number` ended."""
        self._log.end(number, ending, n_frames)

    def unplayed_turns(self) -> list[int]:
        """Give the indexes of the turns that still owe an answer, in the script's order."""
        with self._lock:
            return self._answers.unplayed_turns()


def _record(number: int, incoming: Incoming, reply: Reply) -> RequestRecord:
    return RequestRecord(
        number=number,
        method=incoming.method,
        path=incoming.path,
        headers=without_secrets(incoming.headers),
        body=incoming.body,
        request=read_request(incoming.body or {}),
        turn_index=reply.turn_index,
        status=reply.status,
        fault=reply.fault,
        error=reply.error,
    )
