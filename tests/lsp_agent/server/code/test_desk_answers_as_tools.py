"""An editor is told the same as a model that asks the same."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from mcp_tools.tools.call_hierarchy import TOOL as CALL_HIERARCHY
from mcp_tools.tools.call_hierarchy import CallHierarchyOutput
from mcp_tools.tools.references import TOOL as REFERENCES
from mcp_tools.tools.references import ReferencesOutput
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.asking import call_items, references, soon
from tests.support.desk import data_of
from tests.support.editor import open_editor

pytestmark = pytest.mark.asyncio
DECLARATION = "def t|ax"


async def test_references_are_the_same(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(REFERENCES, symbol="shop.prices:tax")
    sites = data_of(answer, ReferencesOutput).sites
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shop" / "prices.py")
        found = await references(editor, uri, DECLARATION, with_declaration=False)
    assert found == [f"{Path(site.path).name}:{site.line}:tax" for site in sites]


async def test_callers_are_the_same(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(CALL_HIERARCHY, symbol="shop.prices:tax")
    calls = data_of(answer, CallHierarchyOutput).calls
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shop" / "prices.py")
        (item,) = await call_items(editor, uri, DECLARATION) or []
        params = lsp.CallHierarchyIncomingCallsParams(item)
        found = await soon(editor.client.call_hierarchy_incoming_calls_async(params))
    places = [
        (range_.start.line + 1, range_.start.character + 1)
        for call in found or ()
        for range_ in call.from_ranges
    ]
    assert places == [(site.line, site.column) for call in calls for site in call.sites]
    assert len(places) == 3
