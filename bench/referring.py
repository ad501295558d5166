"""References of the sampled definitions, from other servers and from our own queries."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from bench.agreement import Place, Subject
from bench.lsp_client import LspClient
from bench.sampling import utf16_column
from mcp_tools.code.navigation.references import references, target_at
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.text import LineIndex

ANSWER_TIMEOUT_S = 600
READY_TIMEOUT_S = 300
READY_INTERVAL_S = 3

Answers = dict[Subject, frozenset[Place]]


def ask_server(
    argv: Sequence[str],
    root: Path,
    subjects: Sequence[Subject],
    probes: Sequence[Subject],
    say: Callable[[str], None],
) -> Answers:
    """Start a server in `root`, and ask for all subjects when it answers for the probes."""
    answers: Answers = {}
    client = LspClient(list(argv), root)
    try:
        asking = _Asking(client, root)
        asking.wait_until_ready(probes)
        for subject in subjects:
            answers[subject] = asking.places(subject)
            say(f"{subject}: {len(answers[subject])}")
    finally:
        client.close()
    return answers


def ask_ours(codebase: CodebaseView, subjects: Sequence[Subject]) -> Answers:
    """Ask our own query for all subjects; what it calls textual is not in the answer."""
    answers: Answers = {}
    for subject in subjects:
        text = codebase.document(subject.place.file).text
        offset = _offset(text, subject.place)
        target = target_at(codebase, subject.place.file, offset)
        sites = references(codebase, target).sites if target else ()
        answers[subject] = frozenset(
            Place(
                site.file,
                site.place.line,
                utf16_column(codebase.document(site.file).text, site.span.start),
            )
            for site in sites
        )
    return answers


def _offset(text: str, place: Place) -> int:
    lines = LineIndex(text)
    before = lines.line_text(place.line).encode("utf-16-le")[: 2 * place.column]
    return lines.line_span(place.line).start + len(before.decode("utf-16-le"))


class _Asking:
    """One server that is asked for references."""

    def __init__(self, client: LspClient, root: Path) -> None:
        self._client = client
        self._root = root
        self._opened: set[Path] = set()

    def wait_until_ready(self, probes: Sequence[Subject]) -> None:
        """Ask for the probes until two answers in a row are the same, and not lonely.

        Servers answer at once with what they know, which at first is the open files alone.
        """
        before: list[frozenset[Place]] = []
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            now = [self.places(probe) for probe in probes]
            n_files = len({place.file for places in now for place in places})
            if now == before and n_files > len(probes):
                return
            before = now
            time.sleep(READY_INTERVAL_S)

    def places(self, subject: Subject) -> frozenset[Place]:
        """Give the references of a subject, its definition among them, below the root."""
        path = self._root / subject.place.file
        if path not in self._opened:
            self._client.open(path)
            self._opened.add(path)
        found = self._client.request(
            "textDocument/references",
            {
                "textDocument": {"uri": path.as_uri()},
                "position": {"line": subject.place.line, "character": subject.place.column},
                "context": {"includeDeclaration": True},
            },
            ANSWER_TIMEOUT_S,
        )
        return frozenset(self._located(cast("list[dict[str, object]]", found or [])))

    def _located(self, locations: Sequence[dict[str, object]]) -> Iterator[Place]:
        for location in locations:
            file = Path(unquote(urlsplit(str(location["uri"])).path))
            start = cast("dict[str, dict[str, int]]", location["range"])["start"]
            if file.is_relative_to(self._root):
                name = file.relative_to(self._root).as_posix()
                yield Place(name, start["line"], start["character"])
