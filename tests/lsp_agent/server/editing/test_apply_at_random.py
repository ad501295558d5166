"""Whatever an editor does: a change is whole or not there, and nothing typed is lost."""

import asyncio
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.types.errors import Conflict, ExpectedError
from tests.lsp_agent.server.sinking import PATIENT, Habits, Setup, sinking

OLD = "one\ntwo\nthree\n"
NEW = "one\n2\nthree\n"
NAMES = ("a.py", "b.py", "c.py")
SHORT = replace(PATIENT, newer_text_s=0.2, sync_s=0.3, grace_s=0.2)

HABITS = st.builds(
    Habits,
    is_versioned=st.booleans(),
    drops_old_edits=st.booleans(),
    refuses=st.frozensets(st.sampled_from(NAMES), max_size=1),
    is_silent=st.frozensets(st.sampled_from(NAMES), max_size=1),
)
TYPED = st.lists(st.sampled_from(NAMES), max_size=3)
"""At each request to the editor, a file in which a person types a line before it is answered."""


def shown(setup: Setup, name: str) -> str:
    """Give what a person sees of a file."""
    path = setup.root / name
    is_open = setup.workspace.buffer(path) is not None
    return setup.editor.text(path) if is_open else path.read_text(encoding="utf-8")


async def check(root: Path, habits: Habits, opened: frozenset[str], typed: list[str]) -> None:
    async with sinking(root, habits, SHORT) as setup:
        for name in NAMES:
            if name in opened:
                await setup.open(name, OLD)
            else:
                setup.write(name, OLD)
        lines: dict[str, str] = dict.fromkeys(NAMES, "")

        def type_in(number: int, name: str) -> None:
            if name in opened:
                lines[name] += f"typed {number}\n"
                setup.editor.type(setup.root / name, f"typed {number}\n")

        events = [partial(type_in, number, name) for number, name in enumerate(typed)]
        setup.editor.on_request = [*events]
        try:
            await setup.apply(setup.change({**dict.fromkeys(NAMES, NEW), "new/d.py": NEW}))
        except Conflict:
            assert all(shown(setup, n) in (OLD + lines[n], NEW + lines[n]) for n in NAMES)
        except ExpectedError:
            # Of what an editor did and never told, nobody can know.
            told = [n for n in NAMES if n not in habits.is_silent]
            assert {n: shown(setup, n) for n in told} == {n: OLD + lines[n] for n in told}
            assert all(shown(setup, n) in (OLD + lines[n], NEW + lines[n]) for n in NAMES)
            assert not (setup.root / "new").exists()
        else:
            assert {n: shown(setup, n) for n in NAMES} == {n: NEW + lines[n] for n in NAMES}
            assert (setup.root / "new/d.py").read_text(encoding="utf-8") == NEW
        on_disk = set(setup.on_disk())
        assert on_disk <= {*NAMES, "new", "new/d.py"}  # No temporary file is left.


@settings(max_examples=25, deadline=None)
@given(habits=HABITS, opened=st.frozensets(st.sampled_from(NAMES)), typed=TYPED)
def test_a_change_is_whole_or_not_there_and_typed_text_stays(
    habits: Habits, opened: frozenset[str], typed: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(Path(folder).resolve(), habits, opened, typed))
