"""A question is put to the model, and its no is a denial."""

from pathlib import Path

import pytest

from lsp_agent.hooks.answers import NOTHING, HookFailed
from lsp_agent.hooks.judging import INSTRUCTIONS
from lsp_agent.hooks.kinds.prompt import PromptFields, make
from tests.lsp_agent.hooks.occasions import NoJudges, ScriptedJudges, occasion, place

pytestmark = pytest.mark.asyncio
FIELDS = PromptFields(question="Is nothing deleted?")


async def test_the_model_is_asked_with_the_event_beside_the_question(tmp_path: Path) -> None:
    judges = ScriptedJudges('{"ok": true}')
    assert await make(FIELDS, place(tmp_path))(occasion(judges=judges)) == NOTHING
    ((instructions, question, _),) = judges.asked
    assert instructions == INSTRUCTIONS
    assert question.startswith("Is nothing deleted?")
    assert '"rm -r build"' in question


async def test_a_no_denies(tmp_path: Path) -> None:
    judges = ScriptedJudges('{"ok": false, "reason": "build is deleted"}')
    answer = await make(FIELDS, place(tmp_path))(occasion(judges=judges))
    assert (answer.decision, answer.reason) == ("deny", "build is deleted")


async def test_without_a_model_it_fails(tmp_path: Path) -> None:
    with pytest.raises(HookFailed, match="there is no model"):
        await make(FIELDS, place(tmp_path))(occasion(judges=NoJudges()))
