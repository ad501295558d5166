"""Questions that take long: they are cancelled, or their document moves on meanwhile."""

import asyncio
import threading
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.app import MakeSink, build_engine, trust_store
from lsp_agent.config.settings import Settings
from lsp_agent.engine.engine import Engine
from lsp_agent.server.desk import AgentDesk, DeskOptions
from lsp_agent.server.server import AgentServer
from lsp_agent.server.tasks import ReviewPolicy
from mcp_tools.index.lazy import CodeIndex
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import SnapshotView
from mcp_tools.workspace.disk.source import DiskSource
from tests.support.asking import definition, references, soon, spot, write
from tests.support.editor import WAIT_S, Editor, open_editor

CODE = "def old(): ...\n\n\nold()\n"


@dataclass
class Gate:
    """Where questions wait until the test lets them go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def make_desk(self, server: AgentServer) -> AgentDesk:
        """Make a desk whose questions all come to this gate."""
        settings = Settings(model="offline")

        def make_engine(source: DiskSource, make_sink: MakeSink) -> Engine:
            engine = build_engine(settings, source, make_sink)
            gated: Any = _GatedIndex(engine.index, self)
            return replace(engine, index=gated)

        options = DeskOptions(
            diagnoses=False,
            review=ReviewPolicy.UNCHECKED,
            make_trust=partial(trust_store, settings),
        )
        return AgentDesk(server, make_engine, options)

    async def wait(self) -> None:
        """Wait until a question has come."""
        assert await asyncio.to_thread(self.reached.wait, WAIT_S)


class _GatedIndex:
    """The real index, whose views are given when the gate is open."""

    def __init__(self, index: CodeIndex, gate: Gate) -> None:
        self._index = index
        self._gate = gate

    def view(self, snapshot: SnapshotView) -> CodebaseView:
        self._gate.reached.set()
        self._gate.opened.wait(WAIT_S)
        return self._index.view(snapshot)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


async def answered_after_a_change(
    gate: Gate, editor: Editor, uri: str, question: Awaitable[Any]
) -> Any:
    """Ask, change the document while the answer is worked out, and give the answer."""
    asking = asyncio.ensure_future(question)
    await gate.wait()
    editor.type(uri, "def old(): ...", "# More.\ndef new(): ...")
    await editor.execute("lspAgent.cancel")  # Answered after the change was taken in.
    gate.opened.set()
    return await soon(asking)


@pytest.mark.asyncio
async def test_an_answer_about_a_place_in_older_text_is_not_given(tmp_path: Path) -> None:
    write(tmp_path, a=CODE)
    gate = Gate()
    async with open_editor(tmp_path, make=gate.make_desk) as editor:
        uri = editor.open(tmp_path / "a.py")
        with pytest.raises(JsonRpcException) as caught:
            await answered_after_a_change(gate, editor, uri, definition(editor, uri, "|old()\n"))
        assert caught.value.code == lsp.LSPErrorCodes.ContentModified.value
        assert editor.warnings == []


@pytest.mark.asyncio
async def test_an_outline_is_made_anew_of_the_text_that_came_meanwhile(tmp_path: Path) -> None:
    write(tmp_path, a=CODE)
    gate = Gate()
    async with open_editor(tmp_path, make=gate.make_desk) as editor:
        uri = editor.open(tmp_path / "a.py")
        params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri=uri))
        question = editor.client.text_document_document_symbol_async(params)
        answer = await answered_after_a_change(gate, editor, uri, question)
        assert [symbol.name for symbol in answer] == ["new"]


@pytest.mark.asyncio
async def test_a_cancelled_question_is_given_up_at_once(tmp_path: Path) -> None:
    write(tmp_path, a=CODE)
    gate = Gate()
    async with open_editor(tmp_path, make=gate.make_desk) as editor:
        uri = editor.open(tmp_path / "a.py")
        params = lsp.DefinitionParams(**spot(editor, uri, "|old()\n"))
        protocol = editor.client.protocol
        asked = protocol.send_request(lsp.TEXT_DOCUMENT_DEFINITION, params, msg_id="R1")
        await gate.wait()
        editor.client.cancel_request(lsp.CancelParams(id="R1"))
        with pytest.raises(JsonRpcException) as caught:
            await soon(asyncio.wrap_future(asked))
        assert caught.value.code == lsp.LSPErrorCodes.RequestCancelled.value
        gate.opened.set()
        assert await definition(editor, uri, "|old()\n") == ["a.py:1:old"]


@pytest.mark.asyncio
async def test_a_file_of_an_inner_folder_is_asked_about_there(tmp_path: Path) -> None:
    write(tmp_path, outer="import inner.a\n\ninner.a.f()\n")
    write(tmp_path / "inner", a="def f(): ...\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "inner" / "a.py")
        assert await references(editor, uri, "def |f") == ["a.py:1:f", "outer.py:3:f"]
