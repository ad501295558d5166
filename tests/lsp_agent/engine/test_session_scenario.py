"""The main job, end to end: a bug that rules cannot mend, a model, two tools, a proposal."""

from contextlib import closing
from pathlib import Path

import pytest

from lsp_agent.agent.events import Outcome
from lsp_agent.app import build_disk_engine
from lsp_agent.config.settings import load_settings
from lsp_agent.engine.protocol import Accept, Undo
from lsp_agent.testkit.server import ScriptedModel
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied
from tests.lsp_agent.engine.bugs import MENDED, PROJECT, SOURCE, fix, mending_turns
from tests.support.projects import texts_below, write_project
from tests.support.sessions import KEY, finish_of, proposal_of, seat_at, seated, with_sink
from tests.support.transcripts import transcript

NOTHING_TO_UNDO = "there is no change in the history that is not undone yet"
MENDING = """\
started: Fix the problem in shop.py (claude-sonnet-5-5)
says: I will look at it.
tool: read_file {"path": "shop.py"}
done: read_file (none)
tool: edit_file {"path": "shop.py", "old_string": "price - reduction", "new_string": "price - \
price * percent / 100"}
done: edit_file (held)
tool: diagnostics {"path": "shop.py"}
done: diagnostics (none)
says: The percentage was never used.
goal: met: the problem is gone and no new one came
proposed: Edit shop.py
--- a/shop.py
+++ b/shop.py
@@ -1,5 +1,5 @@
 def final_price(price: float, percent: float) -> float:
-    return price - reduction
+    return price - price * percent / 100


 def label(name: str) -> str:
finished: done: The percentage was never used."""

ACCEPTED = """\
started: Apply: Edit shop.py ()
applied: Edit shop.py
finished: done: applied: Edit shop.py"""

UNDONE = """\
started: Undo ()
applied: Undo: Edit shop.py
finished: done: undone: Edit shop.py"""


@pytest.mark.asyncio
async def test_a_model_mends_what_no_rule_can_and_nothing_changes_before_accept(
    tmp_path: Path,
) -> None:
    before = texts_below(write_project(tmp_path, PROJECT))
    with seated(tmp_path, mending_turns()) as seat:
        events = await seat.run(fix(seat.root))
        assert transcript(events) == MENDING
        assert texts_below(tmp_path) == before
        proposal = proposal_of(events)
        assert seat.held == {proposal.proposal_id}
        assert seat.server.unplayed_turns == []


@pytest.mark.asyncio
async def test_the_tool_results_go_back_to_the_model(tmp_path: Path) -> None:
    write_project(tmp_path, PROJECT)
    with seated(tmp_path, mending_turns()) as seat:
        await seat.run(fix(seat.root))
        first, second, third = [record.request for record in seat.server.requests]
    assert first.answered_tools == ()
    assert second.answered_tools == ("read_file",)
    assert "return price - reduction" in (second.last_tool_result or "")
    assert third.answered_tools == ("edit_file", "diagnostics")
    assert third.last_tool_result == "shop.py: no problems found"


@pytest.mark.asyncio
async def test_an_accepted_proposal_is_on_disk_and_can_be_undone(tmp_path: Path) -> None:
    write_project(tmp_path, PROJECT)
    with seated(tmp_path, mending_turns()) as seat:
        proposal = proposal_of(await seat.run(fix(seat.root)))
        assert transcript(await seat.run(Accept(proposal.proposal_id))) == ACCEPTED
        assert texts_below(tmp_path)["shop.py"] == MENDED
        assert not seat.held
        assert transcript(await seat.run(Undo())) == UNDONE
        assert texts_below(tmp_path)["shop.py"] == SOURCE
        again = finish_of(await seat.run(Undo()))
        assert again.outcome is Outcome.NOT_SOLVED
        assert again.text == NOTHING_TO_UNDO


@pytest.mark.asyncio
async def test_the_environment_is_all_that_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(tmp_path, PROJECT)
    with ScriptedModel({"turns": mending_turns(), "api_key": KEY}) as server:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
        monkeypatch.delenv("LSP_AGENT_MODEL", raising=False)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        settings = load_settings({}, overrides_name="the test").settings
        with closing(build_disk_engine(settings, tmp_path)) as engine:
            seat = seat_at(engine, server)
            assert transcript(await seat.run(fix(seat.root))) == MENDING


class LockedSink:
    """An editor that lets nobody change anything."""

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Refuse."""
        raise Denied(f"{changes.label}: the document is locked")


@pytest.mark.asyncio
async def test_a_proposal_that_the_editor_refuses_stays_to_be_settled(tmp_path: Path) -> None:
    before = texts_below(write_project(tmp_path, PROJECT))
    with seated(tmp_path, mending_turns()) as seat:
        proposal = proposal_of(await seat.run(fix(seat.root)))
        locked = with_sink(seat, LockedSink())
        finished = finish_of(await locked.run(Accept(proposal.proposal_id)))
        assert finished.outcome is Outcome.DENIED
        assert finished.text == "Edit shop.py: the document is locked"
        assert texts_below(tmp_path) == before
        assert seat.held == {proposal.proposal_id}
