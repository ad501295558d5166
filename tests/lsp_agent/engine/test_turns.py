"""How a turn is settled: what is proposed, and what the outcome is."""

from contextlib import closing
from pathlib import Path

import pytest

from lsp_agent.agent.events import Event, GoalChecked, Outcome, Proposed
from lsp_agent.app import build_disk_engine
from lsp_agent.config.settings import Settings
from lsp_agent.engine.protocol import Ask, Fix, Work
from lsp_agent.engine.session import Session
from tests.support.sessions import finish_of, seated, taken

PROTECTED = {
    "content": [
        {
            "type": "tool_use",
            "name": "write_file",
            "input": {"path": ".git/hooks/pre-commit", "content": "#!/bin/sh\n"},
        }
    ]
}
DONE = {"content": [{"type": "text", "text": "I could not."}]}


async def offline(root: Path, work: Work) -> list[Event]:
    """Let the offline engine do a piece of work."""
    settings = Settings(model="offline")
    with closing(build_disk_engine(settings, root)) as engine:
        return await taken(Session(engine).run(work))


@pytest.mark.asyncio
async def test_the_offline_engine_gives_up_after_one_look(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(zzzqqqxxx)\n", encoding="utf-8")
    work = Fix(path=tmp_path / "a.py")
    events = await offline(tmp_path, work)
    assert sum(isinstance(event, GoalChecked) for event in events) == 1
    finish = finish_of(events)
    assert finish.outcome is Outcome.NOT_SOLVED
    assert "no rule fits; configure a model" in finish.text


@pytest.mark.asyncio
async def test_what_the_offline_engine_could_fix_is_proposed_though_more_is_left(
    tmp_path: Path,
) -> None:
    text = "import os\n\nprint(zzzqqqxxx)\n"
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    work = Fix(path=tmp_path / "a.py")
    events = await offline(tmp_path, work)
    assert any(isinstance(event, Proposed) for event in events)
    finish = finish_of(events)
    assert finish.outcome is Outcome.NOT_SOLVED
    assert "1 of 2 problems are still there" in finish.text


@pytest.mark.asyncio
async def test_the_offline_engine_does_not_claim_to_have_answered(tmp_path: Path) -> None:
    events = await offline(tmp_path, Ask("Why is it slow?"))
    finish = finish_of(events)
    assert finish.outcome is Outcome.NOT_SOLVED
    assert "only knows `fix` and `explain`" in finish.text


@pytest.mark.asyncio
async def test_an_ask_whose_only_edit_was_denied_ends_as_denied(tmp_path: Path) -> None:
    with seated(tmp_path, {"turns": [PROTECTED, DONE]}) as seat:
        events = await seat.run_with(Ask("Add a hook"), seat.deny)
        assert finish_of(events).outcome is Outcome.DENIED
        assert not (tmp_path / ".git").exists()
