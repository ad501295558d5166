"""A text of nine lines, and a model that proposes to change some of them."""

from collections.abc import Mapping

from lsp_agent.agent.events import Outcome, Proposed
from lsp_agent.engine.protocol import Ask
from lsp_agent.testkit.json_values import Json
from mcp_tools.workspace.hunks import Hunk
from mcp_tools.workspace.review import Selection, review_of
from tests.lsp_agent.engine.bugs import call, read_call
from tests.support.projects import project_files, texts_below
from tests.support.sessions import Seat, finish_of, proposal_of

PROJECT = """
//- /poem.txt
one
two
three
four
five
six
seven
eight
nine
//- /notes.txt
Nothing yet.
"""
POEM = project_files(PROJECT)["poem.txt"]
THREE = {"two": "2", "five": "5", "eight": "8"}
"""Three lines far from each other, so that their changes are three hunks."""


def changed(lines: Mapping[str, str], text: str = POEM) -> str:
    """Give the text with some of its lines replaced."""
    for old, new in lines.items():
        assert f"{old}\n" in text
        text = text.replace(f"{old}\n", f"{new}\n")
    return text


def edits(lines: Mapping[str, str], path: str = "poem.txt") -> dict[str, Json]:
    """Give the call that replaces some lines of a file."""
    pairs: list[Json] = [
        {"old_string": f"{old}\n", "new_string": f"{new}\n"} for old, new in lines.items()
    ]
    return call("multi_edit", path=path, edits=pairs)


def turns(*lines: Mapping[str, str]) -> list[Json]:
    """Give the answers of a model that changes lines of the poem, in as many turns."""
    answers: list[Json] = []
    for one in lines:
        calls: list[Json] = [read_call("poem.txt"), edits(one)]
        answers += [calls, "Done."]
    return answers


async def proposed(seat: Seat, text: str = "Use numbers") -> Proposed:
    """Let the model change what its script says, and give the proposal."""
    events = await seat.run(Ask(text))
    assert finish_of(events).outcome is Outcome.DONE
    return proposal_of(events)


def hunks(seat: Seat, proposal_id: str) -> tuple[Hunk, ...]:
    """Give the hunks that wait for a decision."""
    return review_of(seat.engine.workspace, proposal_id).hunks


def hunk(seat: Seat, proposal_id: str, new_text: str) -> Selection:
    """Select the hunk that writes this line."""
    (found,) = [h for h in hunks(seat, proposal_id) if h.new_text == f"{new_text}\n"]
    return Selection(path=found.path, hunk_id=found.id)


def open_lines(seat: Seat, proposal_id: str) -> list[str]:
    """Give the lines that a proposal still wants to write."""
    return [hunk.new_text.strip() for hunk in hunks(seat, proposal_id)]


def poem(seat: Seat) -> str:
    """Give the poem as it is on disk."""
    return texts_below(seat.root)["poem.txt"]


def shown(seat: Seat, name: str = "poem.txt") -> str:
    """Give what a person sees of a file: the editor's text, or else the disk."""
    return seat.engine.workspace.snapshot().below(seat.root / name).text
