"""How a turn goes and ends, whatever the model and the tools do."""

from pathlib import Path

import pytest

from lsp_agent.agent.events import Outcome
from lsp_agent.agent.history import problems
from lsp_agent.agent.loop import CUT_OFF, CUT_OFF_CALL, NO_WORDS, Turn
from lsp_agent.agent.ports import GoalState
from lsp_agent.models.port import Text, ToolResultBlock
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.server import ScriptedModel
from mcp_tools.types.errors import NotFound
from tests.lsp_agent.agent.looping import Rig, prompt, rig_at
from tests.support.projects import write_project
from tests.support.sessions import model_at, taken
from tests.support.transcripts import transcript


class Readings:
    """A goal that measures what it was given to measure, one reading a check."""

    def __init__(self, *readings: GoalState | NotFound) -> None:
        """Take the readings in their order."""
        self._readings = list(readings)

    async def check(self) -> GoalState:
        """Give the next reading."""
        reading = self._readings.pop(0)
        if isinstance(reading, NotFound):
            raise reading
        return reading


MET = GoalState(is_met=True, is_progress=True, detail="all is well")
UNMET = GoalState(is_met=False, is_progress=False, detail="one is left")


def call(name: str, id_: str | None = None, **arguments: Json) -> dict[str, Json]:
    return {"type": "tool_use", "name": name, "input": arguments, "id": id_}


async def play(
    rig: Rig, turn: Turn, turns: list[Json], *, max_steps: int = 10
) -> tuple[str, ScriptedModel]:
    """Play a turn, check that the conversation is valid, and give what was told."""
    with ScriptedModel({"turns": turns}) as server:
        told = transcript(await taken(rig.turn(model_at(server.url), turn, max_steps=max_steps)))
    assert problems(rig.history.messages) == []
    assert [record.error for record in server.requests] == [None] * len(server.requests)
    assert server.unplayed_turns == []
    return told, server


@pytest.mark.asyncio
async def test_words_without_a_goal_are_the_end(tmp_path: Path) -> None:
    rig, turn = rig_at(tmp_path), prompt("What is it?")
    told, server = await play(rig, turn, ["It is a folder."])
    assert told == "says: It is a folder."
    assert (turn.outcome, turn.text) == (Outcome.DONE, "It is a folder.")
    assert turn.usage.output_tokens > 0
    assert server.requests[0].request.last_user == "What is it?"


@pytest.mark.asyncio
async def test_usage_is_added_up_over_the_requests(tmp_path: Path) -> None:
    write_project(tmp_path, "//- /a.py\nx = 1\n")
    counts: Json = {"input_tokens": 10, "output_tokens": 2, "cache_read_input_tokens": 5}
    turns: list[Json] = [
        {"content": [call("read_file", path="a.py")], "usage": counts},
        {"content": "x is 1.", "usage": counts},
    ]
    turn = prompt()
    await play(rig_at(tmp_path), turn, turns)
    usage = turn.usage
    assert (usage.input_tokens, usage.output_tokens, usage.cache_read_tokens) == (20, 4, 10)


@pytest.mark.asyncio
async def test_broken_tool_input_is_told_to_the_model_and_nothing_runs(tmp_path: Path) -> None:
    write_project(tmp_path, "//- /a.py\nx = 1\n")
    turns: list[Json] = [
        {"content": [call("read_file", path="a.py")], "fault": "bad_tool_json"},
        "I see.",
    ]
    told, server = await play(rig_at(tmp_path), prompt(), turns)
    assert told.splitlines()[1].startswith("failed: read_file: the input is not valid JSON")
    assert "send the call again, whole" in (server.requests[1].request.last_tool_result or "")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("old", "expected"),
    [("y = 2", "not"), ("x = 1", "2")],
    ids=["text that is not there", "text that is there twice"],
)
async def test_an_edit_that_cannot_be_meant_is_told_to_the_model(
    tmp_path: Path, old: str, expected: str
) -> None:
    write_project(tmp_path, "//- /a.py\nx = 1\nx = 1\n")
    edit = call("edit_file", path="a.py", old_string=old, new_string="z = 3")
    rig = rig_at(tmp_path)
    told, server = await play(rig, prompt(), [[call("read_file", path="a.py"), edit], "I see."])
    failed = told.splitlines()[3]
    assert failed.startswith("failed: edit_file: ")
    assert expected in failed
    result = server.requests[1].request.last_tool_result or ""
    assert failed == f"failed: edit_file: {result.splitlines()[0]}"


@pytest.mark.asyncio
async def test_an_edit_without_a_read_is_refused(tmp_path: Path) -> None:
    write_project(tmp_path, "//- /a.py\nx = 1\n")
    edit = call("edit_file", path="a.py", old_string="1", new_string="2")
    told, _ = await play(rig_at(tmp_path), prompt(), [[edit], "I see."])
    assert "read_file" in told.splitlines()[1]


@pytest.mark.asyncio
async def test_a_reply_that_was_cut_off_goes_on_and_is_one_text(tmp_path: Path) -> None:
    turns: list[Json] = [{"content": "It is", "stop_reason": "max_tokens"}, " a folder."]
    turn = prompt()
    _, server = await play(rig_at(tmp_path), turn, turns)
    assert (turn.outcome, turn.text) == (Outcome.DONE, "It is a folder.")
    assert server.requests[1].request.last_user == CUT_OFF


@pytest.mark.asyncio
async def test_a_call_that_was_cut_off_never_runs_though_its_input_looks_whole(
    tmp_path: Path,
) -> None:
    turns: list[Json] = [
        {"content": [call("list_dir"), call("list_dir")], "stop_reason": "max_tokens"},
        "I see.",
    ]
    rig = rig_at(tmp_path)
    told, _ = await play(rig, prompt(), turns)
    assert told.splitlines()[2:4] == ["done: list_dir (none)", f"failed: list_dir: {CUT_OFF_CALL}"]


@pytest.mark.asyncio
async def test_a_refusal_ends_the_turn_unsolved_and_runs_nothing(tmp_path: Path) -> None:
    turns: list[Json] = [{"content": ["Sorry.", call("list_dir")], "stop_reason": "refusal"}]
    turn = prompt(goal=Readings())
    rig = rig_at(tmp_path)
    told, _ = await play(rig, turn, turns)
    assert told == "says: Sorry."
    assert turn.outcome is Outcome.NOT_SOLVED
    assert turn.text == "the model declined to go on: Sorry."
    await play(rig, prompt("Then go on"), ["Yes."])


@pytest.mark.asyncio
@pytest.mark.parametrize("content", [[], [{"type": "thinking", "thinking": "hm"}], ["\n\n"]])
async def test_a_reply_without_words_is_the_end_and_the_conversation_goes_on(
    tmp_path: Path, content: Json
) -> None:
    rig, turn = rig_at(tmp_path), prompt()
    await play(rig, turn, [{"content": content}])
    assert (turn.outcome, turn.text) == (Outcome.DONE, "the model ended without a word")
    assert rig.history.messages[-1].blocks == (Text(NO_WORDS),)
    await play(rig, prompt("And now?"), ["Now I speak."])


@pytest.mark.asyncio
async def test_a_turn_ends_at_its_limit_of_steps(tmp_path: Path) -> None:
    rig, turn = rig_at(tmp_path), prompt()
    turns: list[Json] = [{"content": [call("list_dir")], "times": 3}]
    await play(rig, turn, turns, max_steps=3)
    assert turn.outcome is Outcome.NOT_SOLVED
    assert turn.text == "stopped after 3 steps without an end in sight"
    assert isinstance(rig.history.messages[-1].blocks[0], ToolResultBlock)


@pytest.mark.asyncio
async def test_a_goal_that_is_met_at_the_limit_of_steps_counts(tmp_path: Path) -> None:
    turn = prompt(goal=Readings(MET))
    told, _ = await play(rig_at(tmp_path), turn, [[call("list_dir")]], max_steps=1)
    assert told.splitlines()[-1] == "goal: met: all is well"
    assert turn.outcome is Outcome.DONE


@pytest.mark.asyncio
async def test_an_unmet_goal_is_handed_back_to_the_model(tmp_path: Path) -> None:
    turn = prompt(goal=Readings(UNMET, MET))
    told, server = await play(rig_at(tmp_path), turn, ["Done.", "Done now."])
    assert told.splitlines() == [
        "says: Done.",
        "goal: not met: one is left",
        "says: Done now.",
        "goal: met: all is well",
    ]
    assert "one is left" in (server.requests[1].request.last_user or "")
    assert (turn.outcome, turn.text) == (Outcome.DONE, "Done now.")


@pytest.mark.asyncio
async def test_an_unmet_goal_is_handed_back_twice_and_no_more(tmp_path: Path) -> None:
    turn = prompt(goal=Readings(UNMET, UNMET, UNMET))
    _, server = await play(rig_at(tmp_path), turn, ["One.", "Two.", "Three."])
    assert turn.outcome is Outcome.NOT_SOLVED
    assert turn.goal_state == UNMET
    assert len(server.requests) == 3


@pytest.mark.asyncio
async def test_a_goal_that_cannot_be_measured_is_not_met(tmp_path: Path) -> None:
    turn = prompt(goal=Readings(NotFound("there is no file 'a.py'"), MET))
    told, _ = await play(rig_at(tmp_path), turn, ["Done.", "Done."])
    assert "goal: not met: there is no file 'a.py'" in told.splitlines()


@pytest.mark.asyncio
async def test_thoughts_go_back_with_their_signature(tmp_path: Path) -> None:
    thought: Json = {"type": "thinking", "thinking": "I look.", "signature": "sig-1"}
    _, server = await play(rig_at(tmp_path), prompt(), [[thought, call("list_dir")], "Done."])
    body = server.requests[1].body or {}
    assert isinstance(messages := body["messages"], list)
    assert isinstance(reply := messages[1], dict)
    assert isinstance(content := reply["content"], list)
    assert content[0] == thought
