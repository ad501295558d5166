"""An agent is asked with a budget, and told that it may read."""

from pathlib import Path

import pytest

from lsp_agent.hooks.answers import HookFailed
from lsp_agent.hooks.judging import INSTRUCTIONS
from lsp_agent.hooks.kinds.agent import AgentFields, make
from tests.lsp_agent.hooks.occasions import NoJudges, ScriptedJudges, occasion, place

pytestmark = pytest.mark.asyncio
FIELDS = AgentFields(question="Is build listed in .gitignore?", max_steps=3)


async def test_it_is_asked_within_its_budget(tmp_path: Path) -> None:
    judges = ScriptedJudges('{"ok": false, "reason": "it is not"}')
    answer = await make(FIELDS, place(tmp_path))(occasion(judges=judges))
    assert (answer.decision, answer.reason) == ("deny", "it is not")
    ((instructions, question, max_steps),) = judges.asked
    assert instructions.startswith(INSTRUCTIONS)
    assert "tools to read" in instructions
    assert question.startswith(FIELDS.question)
    assert max_steps == 3


async def test_without_a_model_it_fails(tmp_path: Path) -> None:
    with pytest.raises(HookFailed):
        await make(FIELDS, place(tmp_path))(occasion(judges=NoJudges()))
