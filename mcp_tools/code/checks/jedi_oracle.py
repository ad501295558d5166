"""Jedi as the one to ask for a type when our own resolution does not know it.

It is loaded at the first question, since most sessions never ask one.
"""

import importlib
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from mcp_tools.types.documents import Document
from mcp_tools.types.text import Digest

_Place = tuple[Path, Digest, int]


class JediOracle:
    """Asks jedi, one question after another, and remembers the last answers; a TypeOracle.

    Jedi cannot be interrupted. So a question that takes longer than `patience_s` is left to
    itself: its answer is there when the same place is asked about again.
    """

    def __init__(self, root: Path, *, patience_s: float = 1.0, n_remembered: int = 64) -> None:
        """Infer for the workspace at `root`; nothing is loaded or started before a question."""
        self._root = root
        self._patience_s = patience_s
        self._n_remembered = n_remembered
        self._lock = Lock()
        self._answers: dict[_Place, Future[str]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="jedi")

    def type_at(self, document: Document, offset: int) -> str:
        """Give the type of the name at an offset; empty if it is not known, or not in time."""
        try:
            return self._asked(document, offset).result(self._patience_s)
        except TimeoutError:
            return ""

    def wait(self) -> None:
        """Wait until all questions so far are answered."""
        self._thread.submit(int).result()

    def close(self) -> None:
        """Take no more questions; one that is being worked on ends by itself."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _asked(self, document: Document, offset: int) -> Future[str]:
        place = (document.path, document.digest, offset)
        with self._lock:
            if place not in self._answers:
                while len(self._answers) >= self._n_remembered:
                    self._answers.pop(next(iter(self._answers))).cancel()
                self._answers[place] = self._thread.submit(self._infer, document, offset)
            return self._answers[place]

    def _infer(self, document: Document, offset: int) -> str:
        module = importlib.import_module("mcp_tools.code.checks.jedi_types")
        answer: str = module.JediTypes(document, self._root).type_at(offset)
        return answer
