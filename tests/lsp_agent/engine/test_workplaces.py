"""All roots, to all guests: opened once, bounded in number, and gone without a trace."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lsp_agent.app import audit_folder, build_disk_engine
from lsp_agent.audit.log import AuditLog
from lsp_agent.config.settings import settings_of
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.workplaces import DEFAULT_LIMITS, AgentWorkplaces, GuestLimits
from mcp_tools.registry import discover
from mcp_tools.server.ports import Caller, Workplace
from mcp_tools.types.attending import NOBODY
from mcp_tools.types.calls import ToolCall, ToolResult
from mcp_tools.types.errors import Denied, NotFound, OutsideWorkspace
from mcp_tools.types.json import JsonValue
from tests.lsp_agent.engine.visits import LIMIT_S
from tests.support.trusting import trust

pytestmark = pytest.mark.asyncio
A, B = Caller(id="a"), Caller(id="b")


@dataclass
class House:
    """Workplaces over some roots, and how often each was opened."""

    roots: Sequence[Path]
    settings: dict[str, object] = field(default_factory=dict[str, object])
    limits: GuestLimits = DEFAULT_LIMITS
    opened: list[Path] = field(default_factory=list[Path])
    broken: set[Path] = field(default_factory=set[Path])

    def open_engine(self, root: Path) -> Engine:
        """Open a root."""
        self.opened.append(root)
        if root in self.broken:
            raise NotFound("it is gone")
        settings = settings_of({"index": False, **self.settings}, "the test")
        return build_disk_engine(settings, root)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[AgentWorkplaces]:
        """Serve the roots."""
        workplaces = AgentWorkplaces(self.roots, discover(), self.open_engine, self.limits)
        try:
            async with asyncio.timeout(LIMIT_S):
                yield workplaces
        finally:
            await workplaces.close()


@pytest.fixture
def roots(tmp_path: Path) -> Sequence[Path]:
    """Two projects that are trusted."""
    found: list[Path] = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.txt").write_text(f"{name}\n", encoding="utf-8")
        found.append(trust(folder))
    return found


async def call(place: Workplace, name: str, **arguments: JsonValue) -> ToolResult:
    wish = ToolCall(id=os.urandom(4).hex(), name=name, arguments=arguments)
    return await place.call(wish, NOBODY)


async def test_each_root_is_opened_once_at_its_first_use(roots: Sequence[Path]) -> None:
    house = House(roots)
    async with house.open() as workplaces:
        assert workplaces.roots == tuple(roots)
        assert house.opened == []
        places = await asyncio.gather(
            *(workplaces.at(Caller(id=str(i)), roots[0]) for i in range(9))
        )
        assert house.opened == [roots[0]]
        assert len(set(places)) == 9
        assert {place.root for place in places} == {roots[0]}
        await workplaces.at(A, roots[1])
        assert house.opened == roots


async def test_a_caller_has_the_same_place_until_it_leaves(roots: Sequence[Path]) -> None:
    async with House(roots).open() as workplaces:
        first, again = await asyncio.gather(workplaces.at(A, roots[0]), workplaces.at(A, roots[0]))
        assert first is again
        other_root, other = await workplaces.at(A, roots[1]), await workplaces.at(B, roots[0])
        assert len({first, other_root, other}) == 3
        await workplaces.leave(A)
        assert await workplaces.at(A, roots[0]) is not first
        assert await workplaces.at(B, roots[0]) is other
        await workplaces.leave(Caller(id="nobody"))


async def test_who_is_cut_off_leaves_and_that_is_written_down(roots: Sequence[Path]) -> None:
    house = House(roots)
    async with house.open() as workplaces:
        stayed = await workplaces.at(B, roots[0])
        left = await workplaces.at(A, roots[1])
        await workplaces.cut_off(A, "it called the decoy tool x")
        assert await workplaces.at(A, roots[1]) is not left
        assert await workplaces.at(B, roots[0]) is stayed
    texts, found = AuditLog(audit_folder(roots[1])).check()
    assert not found
    assert '"reason":"it called the decoy tool x"' in texts[-1]


async def test_only_the_roots_that_were_chosen_are_served(roots: Sequence[Path]) -> None:
    async with House(roots).open() as workplaces:
        for root in (roots[0].parent, roots[0] / "sub", Path("/")):
            with pytest.raises(OutsideWorkspace, match="is not served; the roots are"):
                await workplaces.at(A, root)


async def test_a_root_that_cannot_be_opened_is_tried_again(roots: Sequence[Path]) -> None:
    house = House(roots, broken={roots[0]})
    async with house.open() as workplaces:
        for _ in range(2):
            with pytest.raises(NotFound, match="it is gone"):
                await workplaces.at(A, roots[0])
        house.broken.clear()
        await workplaces.at(A, roots[0])
        assert len(house.opened) == 3


async def test_who_gives_up_waiting_does_not_stop_the_opening(roots: Sequence[Path]) -> None:
    async with House(roots).open() as workplaces:
        impatient = asyncio.create_task(workplaces.at(A, roots[0]))
        patient = asyncio.create_task(workplaces.at(B, roots[0]))
        await asyncio.sleep(0)
        impatient.cancel()
        assert (await patient).root == roots[0]


async def test_the_guest_that_did_nothing_for_longest_makes_room(roots: Sequence[Path]) -> None:
    async with House(roots, limits=GuestLimits(n_guests=2)).open() as workplaces:
        first = await workplaces.at(A, roots[0])
        second = await workplaces.at(B, roots[0])
        await workplaces.at(A, roots[0])
        await workplaces.at(Caller(id="c"), roots[0])
        assert workplaces.n_guests == 2
        assert await workplaces.at(A, roots[0]) is first
        assert "its session has ended" in (await call(second, "read_file", path="a.txt")).text


async def test_guests_at_work_are_not_sent_away(roots: Sequence[Path]) -> None:
    house = House(roots, settings={"allow": ["shell"]}, limits=GuestLimits(n_guests=1))
    async with house.open() as workplaces:
        place = await workplaces.at(A, roots[0])
        await call(place, "shell", command="sleep 1000", background=True)
        with pytest.raises(Denied, match="1 clients are at work here, which is the limit"):
            await workplaces.at(B, roots[0])
        await workplaces.leave(A)
        await workplaces.at(B, roots[0])


async def test_a_guest_that_does_nothing_for_long_is_let_go(roots: Sequence[Path]) -> None:
    limits = GuestLimits(idle_s=0.01, sweep_s=0.01)
    house = House(roots, settings={"allow": ["shell"]}, limits=limits)
    async with house.open() as workplaces:
        busy = await workplaces.at(A, roots[0])
        await call(busy, "shell", command="sleep 1000", background=True)
        idle = await workplaces.at(B, roots[0])
        for _ in range(5):
            await asyncio.sleep(0.02)
        assert await workplaces.at(A, roots[0]) is busy
        assert await workplaces.at(B, roots[0]) is not idle


async def test_changes_on_disk_and_own_ones_are_told(roots: Sequence[Path]) -> None:
    async with House(roots, settings={"index": True, "level": "edit"}).open() as workplaces:
        told = asyncio.Queue[tuple[Path, frozenset[Path]]]()
        end = workplaces.follow(lambda root, paths: told.put_nowait((root, paths)))
        place = await workplaces.at(A, roots[0])
        await call(place, "write_file", path="made.txt", content="x")
        assert await told.get() == (roots[0], frozenset({roots[0] / "made.txt"}))
        await _until_told(told, roots[0] / "a.txt", lambda path: path.write_text("new"))
        end()
        end()
        before = told.qsize()
        await call(place, "write_file", path="more.txt", content="x")
        assert told.qsize() == before


async def _until_told(
    told: "asyncio.Queue[tuple[Path, frozenset[Path]]]",
    path: Path,
    change: Callable[[Path], object],
) -> None:
    """Change a file until the watch, which may not have begun, tells of it."""
    while True:
        change(path)
        try:
            async with asyncio.timeout(0.5):
                while True:
                    _, paths = await told.get()
                    if path in paths:
                        return
        except TimeoutError:
            continue


async def test_without_an_index_changes_on_disk_are_told_too(roots: Sequence[Path]) -> None:
    async with House(roots).open() as workplaces:
        told = asyncio.Queue[tuple[Path, frozenset[Path]]]()
        workplaces.follow(lambda root, paths: told.put_nowait((root, paths)))
        await workplaces.at(A, roots[1])
        await _until_told(told, roots[1] / "a.txt", lambda path: path.write_text("new"))


async def test_after_the_end_nobody_comes_in(roots: Sequence[Path]) -> None:
    async with House(roots).open() as workplaces:
        await workplaces.at(A, roots[0])
        await workplaces.close()
        with pytest.raises(Denied, match="about to end"):
            await workplaces.at(A, roots[0])
        await workplaces.close()


async def test_callers_that_come_and_go_leave_nothing(roots: Sequence[Path]) -> None:
    house = House(roots, settings={"allow": ["shell"]})

    async def visit(workplaces: AgentWorkplaces, number: int) -> None:
        caller = Caller(id=f"caller-{number}", name=f"client {number}")
        place = await workplaces.at(caller, roots[number % 2])
        assert not (await call(place, "read_file", path="a.txt")).is_error
        if number % 50 == 0:
            await call(place, "shell", command="sleep 1000", background=True)
        await workplaces.leave(caller)

    threads = {thread.name for thread in threading.enumerate()}
    async with house.open() as workplaces:
        for number in range(4):
            await visit(workplaces, number)
        n_fds, n_tasks = _n_open_files(), len(asyncio.all_tasks())
        for number in range(0, 200, 8):
            await asyncio.gather(*(visit(workplaces, number + i) for i in range(8)))
        assert workplaces.n_guests == 0
        assert len(asyncio.all_tasks()) <= n_tasks
        # What is written down of calls is written beside them, to a file that is open meanwhile.
        for _ in range(100):
            if _n_open_files() <= n_fds:
                break
            await asyncio.sleep(0.02)
        assert _n_open_files() <= n_fds
    left = {thread.name for thread in threading.enumerate()} - threads
    assert not {name for name in left if not name.startswith("asyncio_")}


def _n_open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
