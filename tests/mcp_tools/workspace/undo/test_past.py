"""What recorded changes did, out of the journal's contents."""

import pytest

from mcp_tools.types.contents import State
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.hunks import hunks_between
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.undo.past import Past
from tests.mcp_tools.workspace.recorded import ROOT, Recorded


def test_a_record_is_told_with_its_contents_and_hunks() -> None:
    with Recorded({"a": "1\n"}) as world:
        entry = world.change({"a": "2\n", "d/b": "new\n"})
        past = Past(world.journal, ROOT)
        assert [past.path(file) for file in entry.files] == [
            ROOT / "a",
            ROOT / "d",
            ROOT / "d/b",
        ]
        first = past.change(entry.files[0])
        before, after = State(content="1\n", mode=0o644), State(content="2\n", mode=0o644)
        assert (first.name, first.path) == ("a", ROOT / "a")
        assert (first.before, first.after) == (before, after)
        assert first.hunks == hunks_between(ROOT / "a", before, after)
        assert past.change(entry.files[2]).before is None


def test_a_content_that_was_dropped_is_said() -> None:
    with Recorded({"a": "1\n"}, limits=Limits(max_store_bytes=4096)) as world:
        entry = world.change({"a": "2\n"})
        noise = "".join(f"{n * n * 7919 % 10007}\n" for n in range(4000))
        for n in range(3):
            world.change({"noise": f"{n}\n{noise}"})
        with pytest.raises(NotFound, match="not kept any more"):
            Past(world.journal, ROOT).change(entry.files[0])


def test_what_is_too_much_to_remember_is_read_again() -> None:
    with Recorded() as world:
        entry = world.change({name: name * 6 for name in "abc"})
        past = Past(world.journal, ROOT, max_bytes=10)
        for _ in range(2):
            for file in entry.files:
                assert past.change(file).after == State(content=file.path * 6)
        past.change(entry.files[2])
        assert len(world.journal.read) == 6
