"""What a tool sees, and what a session remembers of its reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from mcp_tools.types.calls import MAX_READ_CHARS, ReadLedger
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import Denied, OutsideWorkspace
from tests.support.desk import Desk

A = Path("/a")


def test_a_ledger_knows_the_text_that_was_read_last() -> None:
    ledger = ReadLedger()
    assert ledger.last_seen(A) is None
    ledger.record(Document(path=A, text="one"))
    ledger.record(Document(path=A, text="two"))
    assert ledger.last_seen(A) == "two"


def test_a_copied_ledger_learns_alone_until_it_is_taken_over() -> None:
    ledger = ReadLedger()
    ledger.record(Document(path=A, text="one"))
    copy = ledger.copy()
    copy.record(Document(path=A, text="two"))
    assert ledger.last_seen(A) == "one"
    ledger.learn(copy)
    assert ledger.last_seen(A) == "two"


def test_a_copy_that_learned_nothing_takes_nothing_back() -> None:
    ledger = ReadLedger()
    ledger.record(Document(path=A, text="one"))
    copy = ledger.copy()
    ledger.record(Document(path=A, text="two"))
    ledger.learn(copy)
    assert ledger.last_seen(A) == "two"


def test_what_was_read_first_is_forgotten_when_it_becomes_too_much() -> None:
    ledger = ReadLedger()
    half = "x" * (MAX_READ_CHARS // 2)
    paths = [Path(f"/{name}") for name in "abc"]
    for path in paths:
        ledger.record(Document(path=path, text=half))
    assert [ledger.last_seen(path) is not None for path in paths] == [False, True, True]
    ledger.record(Document(path=paths[1], text=""))
    ledger.record(Document(path=paths[0], text=half))
    assert all(ledger.last_seen(path) is not None for path in paths)


@pytest.mark.asyncio
async def test_a_context_reads_the_top_layer(desk: Desk) -> None:
    path = desk.write("a.txt", "disk")
    desk.type_in_editor("a.txt", "typed")
    assert (await desk.context().read(path)).text == "typed"


def test_a_context_shows_paths_relative_to_the_root(desk: Desk) -> None:
    context = desk.context()
    assert context.display(desk.root) == "."
    assert context.display(context.resolve("a/../b/c.py")) == "b/c.py"
    with pytest.raises(OutsideWorkspace):
        context.resolve("../x")


def test_what_needs_trust_says_how_to_give_it(desk: Desk) -> None:
    desk.context().check_trusted("a program runs")
    with pytest.raises(Denied, match=r"a program runs only .*`lsp-agent trust grant /"):
        replace(desk, is_trusted=False).context().check_trusted("a program runs")
