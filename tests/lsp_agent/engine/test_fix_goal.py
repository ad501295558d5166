"""When a fix is a fix: measured by the real checkers, before and after."""

from pathlib import Path

import pytest

from lsp_agent.agent.ports import GoalState
from lsp_agent.engine.fix_goal import FixGoal
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose
from mcp_tools.types.contents import State
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.programs import Command, Completed
from mcp_tools.types.text import Span
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Hold, SetBuffer, Workspace

GONE = GoalState(is_met=True, is_progress=True, detail="the problem is gone and no new one came")
BROKEN = "def f():\n    return a\n"


class Bench:
    """One file with problems, and edits of it that are held."""

    def __init__(self, root: Path, text: str) -> None:
        """Write the file."""
        (root / "a.py").write_text(text, encoding="utf-8", newline="")
        self.workspace = Workspace(DiskSource(root))
        self.root = self.workspace.root
        self.path = self.root / "a.py"

    def propose(self, text: str | None, name: str = "a.py") -> None:
        """Hold a new text for a file."""
        path = self.root / name
        old = self.workspace.snapshot("p").state(path)
        new = None if text is None else State(content=text)
        changes = change_between("it", {path: old}, {path: new})
        self.workspace.apply(Hold(proposal_id="p", changes=changes))

    async def found(self, *, depth: Depth = Depth.QUICK) -> tuple[Diagnostic, ...]:
        """Give what the checkers find now, without the edits."""
        document = self.workspace.snapshot().read(self.path)
        return await diagnose(document, BundledPrograms(), root=self.root, depth=depth)

    async def check(self, *targets: Diagnostic) -> GoalState:
        """Measure whether the targets are mended."""
        goal = FixGoal(
            workspace=self.workspace,
            programs=BundledPrograms(),
            proposal_id="p",
            path=self.path,
            targets=targets,
        )
        return await goal.check()


def foreign(bench: Bench) -> Diagnostic:
    return Diagnostic(path=bench.path, span=Span(0, 1), message="not nice", source="pyright")


@pytest.mark.asyncio
async def test_a_problem_that_is_gone_is_mended(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    bench.propose("def f(a: int) -> int:\n    return a\n")
    assert await bench.check(*await bench.found()) == GONE


@pytest.mark.asyncio
async def test_without_an_edit_nothing_is_mended(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    state = await bench.check(*await bench.found())
    assert state == GoalState(is_met=False, is_progress=False, detail="nothing was edited")


@pytest.mark.asyncio
async def test_a_problem_that_only_moved_is_still_there(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    bench.propose("\n\n" + BROKEN)
    state = await bench.check(*await bench.found())
    assert not state.is_met
    assert not state.is_progress
    assert state.detail == "1 of 1 problems are still there: Undefined name `a`"


@pytest.mark.asyncio
async def test_a_new_problem_is_no_fix_though_the_old_one_is_gone(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    bench.propose(BROKEN.replace("return a", "return b"))
    state = await bench.check(*await bench.found())
    assert (state.is_met, state.is_progress) == (False, False)
    assert state.detail == "the edits bring new problems: Undefined name `b`"


@pytest.mark.asyncio
async def test_a_new_problem_in_another_file_is_no_fix(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    bench.propose("def f(a: int) -> int:\n    return a\n")
    bench.propose("import os\n", name="b.py")
    state = await bench.check(*await bench.found())
    assert not state.is_met
    assert state.detail == "the edits bring new problems: `os` imported but unused"


@pytest.mark.asyncio
async def test_problems_that_another_file_had_before_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("import os\n", encoding="utf-8")
    bench = Bench(tmp_path, BROKEN)
    bench.propose("def f(a: int) -> int:\n    return a\n")
    bench.propose("import os\n\nx = 1\n", name="b.py")
    assert await bench.check(*await bench.found()) == GONE


@pytest.mark.asyncio
async def test_an_edit_that_breaks_the_syntax_is_no_fix(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    bench.propose("def f(:\n    return 1\n")
    state = await bench.check(*await bench.found())
    assert (state.is_met, state.is_progress) == (False, False)
    assert state.detail.startswith("the edits bring new problems: ")


@pytest.mark.asyncio
async def test_problems_that_a_syntax_error_had_hidden_are_not_new(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "def f()\n    return a\n")
    found = await bench.found()
    assert [problem.source for problem in found] == ["syntax"]
    bench.propose(BROKEN)
    assert await bench.check(*found) == GONE


@pytest.mark.asyncio
async def test_a_syntax_error_for_another_is_no_fix(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "def f()\n    return 1\n")
    bench.propose("def f():\n    return (1\n")
    state = await bench.check(*await bench.found())
    assert not state.is_met


@pytest.mark.asyncio
async def test_some_of_several_problems_are_progress(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "print(a)\nprint(b)\n")
    bench.propose("a = 1\nprint(a)\nprint(b)\n")
    state = await bench.check(*await bench.found())
    assert (state.is_met, state.is_progress) == (False, True)
    assert state.detail == "1 of 2 problems are still there: Undefined name `b`"


@pytest.mark.asyncio
async def test_all_of_several_problems_are_a_fix(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "print(a)\nprint(b)\n")
    bench.propose("print(1)\nprint(2)\n")
    state = await bench.check(*await bench.found())
    assert state.is_met
    assert state.detail == "all 2 problems are gone and no new one came"


@pytest.mark.asyncio
async def test_one_of_two_with_the_same_words_may_stay(tmp_path: Path) -> None:
    """Only one was asked for; which of the two cannot be told apart."""
    bench = Bench(tmp_path, "print(a)\nprint(a)\n")
    first, _ = await bench.found()
    bench.propose("print(1)\nprint(a)\n")
    assert await bench.check(first) == GONE


@pytest.mark.asyncio
async def test_both_of_two_with_the_same_words_must_go_when_both_were_asked_for(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, "print(a)\nprint(a)\n")
    bench.propose("print(1)\nprint(a)\n")
    state = await bench.check(*await bench.found())
    assert (state.is_met, state.is_progress) == (False, True)


@pytest.mark.asyncio
async def test_a_problem_that_a_person_mended_meanwhile_is_not_left(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "print(a)\nprint(1)\n")
    found = await bench.found()
    bench.propose("print(a)\nprint(2)\n")
    text = "a = 1\nprint(a)\nprint(1)\n"
    bench.workspace.apply(SetBuffer(path=bench.path, text=text, version=1))
    assert await bench.check(*found) == GONE


@pytest.mark.asyncio
async def test_the_word_of_another_server_is_believed_when_nothing_new_came(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, "x = 1\n")
    bench.propose("x = 2\n")
    assert await bench.check(foreign(bench)) == GONE
    bench.propose("x = y\n")
    assert not (await bench.check(foreign(bench))).is_met


@pytest.mark.asyncio
async def test_our_own_deep_problems_are_measured_deeply(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "class A:\n    name = ''\n\n\nprint(A().nmae)\n")
    found = await bench.found(depth=Depth.DEEP)
    assert [problem.source for problem in found] == ["lsp-agent"]
    bench.propose("class A:\n    name = ''\n\n\nprint(A().naem)\n")
    assert not (await bench.check(*found)).is_met
    bench.propose("class A:\n    name = ''\n\n\nprint(A().name)\n")
    assert await bench.check(*found) == GONE


@pytest.mark.asyncio
async def test_a_file_that_the_edits_delete_has_no_problems(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    found = await bench.found()
    bench.propose(None)
    assert await bench.check(*found) == GONE


class NoPrograms:
    """A machine on which nothing runs."""

    async def run(self, command: Command) -> Completed:
        """Fail."""
        raise ProgramFailed(f"{command.argv[0]} is missing")


@pytest.mark.asyncio
async def test_what_cannot_be_measured_raises(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BROKEN)
    bench.propose("x = 1\n")
    goal = FixGoal(
        workspace=bench.workspace,
        programs=NoPrograms(),
        proposal_id="p",
        path=bench.path,
        targets=(foreign(bench),),
    )
    with pytest.raises(ProgramFailed):
        await goal.check()
