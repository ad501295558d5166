"""Questions to a language server about one code base, as an editor asks them."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from bench.agreement import Place, Subject
from bench.lsp_client import LspClient

POLL_S = 0.02


class Asker:
    """Asks one server; files are opened as they are needed, which takes no part of the times."""

    def __init__(self, client: LspClient) -> None:
        """Ask the server of `client` about its root."""
        self.client = client
        self._texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}

    def open(self, file: str) -> str:
        """Open a file, if it is not open, and give the text that the server knows."""
        if file not in self._texts:
            self._texts[file] = self.client.open(self.client.root / file)
            self._versions[file] = 1
        return self._texts[file]

    def append(self, file: str, text: str) -> None:
        """Type at the end of a file."""
        before = self.open(file)
        last = before.split("\n")
        end = {"line": len(last) - 1, "character": len(last[-1])}
        change = {"range": {"start": end, "end": end}, "text": text}
        self._texts[file] = before + text
        self._versions[file] += 1
        document = {"uri": self._uri(file), "version": self._versions[file]}
        params = {"textDocument": document, "contentChanges": [change]}
        self.client.notify("textDocument/didChange", params)

    def references(self, subject: Subject) -> frozenset[Place]:
        """Ask for all references, the definition among them."""
        params = self._position(subject) | {"context": {"includeDeclaration": True}}
        return self._places(self.client.request("textDocument/references", params))

    def symbols(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Ask for symbols of the workspace."""
        return _objects(self.client.request("workspace/symbol", {"query": name}))

    def outline(self, file: str) -> Sequence[Mapping[str, Any]]:
        """Ask for the symbols of a file."""
        params = {"textDocument": {"uri": self._uri(file)}}
        return _objects(self.client.request("textDocument/documentSymbol", params))

    def prepare_calls(self, subject: Subject) -> Mapping[str, Any] | None:
        """Ask for the item of the call hierarchy; None if there is none."""
        method = "textDocument/prepareCallHierarchy"
        items = _objects(self.client.request(method, self._position(subject)))
        return items[0] if items else None

    def incoming(self, item: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Ask who calls."""
        return _objects(self.client.request("callHierarchy/incomingCalls", {"item": item}))

    def until_references(
        self, subject: Subject, truth: frozenset[Place], timeout_s: float
    ) -> tuple[float, int]:
        """Ask again and again until all of `truth` is in the answer.

        Gives the seconds since the server was started, or -1.0 if that never came, and how many
        places the last answer had.
        """
        self.open(subject.place.file)
        while True:
            found = self.references(subject)
            elapsed_s = time.perf_counter() - self.client.started_at
            if truth <= found:
                return elapsed_s, len(found)
            if elapsed_s > timeout_s:
                return -1.0, len(found)
            time.sleep(POLL_S)

    def _position(self, subject: Subject) -> dict[str, object]:
        self.open(subject.place.file)
        position = {"line": subject.place.line, "character": subject.place.column}
        return {"textDocument": {"uri": self._uri(subject.place.file)}, "position": position}

    def _uri(self, file: str) -> str:
        return (self.client.root / file).as_uri()

    def _places(self, answer: object) -> frozenset[Place]:
        places: set[Place] = set()
        for location in _objects(answer):
            path = Path(unquote(urlsplit(str(location["uri"])).path))
            if path.is_relative_to(self.client.root):
                start = location["range"]["start"]
                file = path.relative_to(self.client.root).as_posix()
                places.add(Place(file, start["line"], start["character"]))
        return frozenset(places)


def _objects(answer: object) -> Sequence[Mapping[str, Any]]:
    return cast("Sequence[Mapping[str, Any]]", answer or ())
