"""Who judges for a hook is the configured model, and may read, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.engine.hooking.judges import EngineJudges
from lsp_agent.hooks.answers import HookFailed
from lsp_agent.models.port import Model, ModelError, ModelErrorKind
from tests.lsp_agent.engine.bugs import PROJECT, call, edit_call, read_call
from tests.support.projects import texts_below, write_project
from tests.support.sessions import seated

pytestmark = pytest.mark.asyncio
YES = '{"ok": true}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return write_project(folder, PROJECT)


async def test_the_model_gives_its_words(root: Path) -> None:
    with seated(root, [YES]) as seat:
        assert await EngineJudges(seat.engine).ask_model("Judge.", "Ok?") == YES


async def test_the_agent_may_read_and_gives_its_last_words(root: Path) -> None:
    with seated(root, [[read_call()], YES]) as seat:
        words = await EngineJudges(seat.engine).ask_agent("Judge.", "Ok?", max_steps=3)
        assert words == YES


async def test_the_agent_can_neither_change_nor_run_anything(root: Path) -> None:
    calls = [read_call(), edit_call(), call("shell", command="touch made")]
    before = texts_below(root)
    with seated(root, [calls, "{{last_tool_result}}"], level="auto") as seat:
        words = await EngineJudges(seat.engine).ask_agent("Judge.", "Ok?", max_steps=3)
        assert "there is no tool 'shell'" in words
        assert seat.engine.workspace.open_proposals() == ()
    assert texts_below(root) == before


async def test_an_agent_that_comes_to_no_end_fails(root: Path) -> None:
    with seated(root, [[read_call()]] * 3) as seat:
        judges = EngineJudges(seat.engine)
        with pytest.raises(HookFailed, match="no judgement: stopped after 2 steps"):
            await judges.ask_agent("Judge.", "Ok?", max_steps=2)


async def test_without_a_model_both_fail(root: Path) -> None:
    def fail() -> Model:
        raise ModelError(ModelErrorKind.NOT_CONFIGURED, "there is no key")

    with seated(root, [YES]) as seat:
        judges = EngineJudges(replace(seat.engine, make_model=fail))
        with pytest.raises(HookFailed, match="gave no judgement: there is no key"):
            await judges.ask_model("Judge.", "Ok?")
        with pytest.raises(HookFailed, match="gave no judgement: there is no key"):
            await judges.ask_agent("Judge.", "Ok?", max_steps=2)
