"""The choice of walls: those that were proven, and otherwise none, with the reasons."""

import os
from dataclasses import dataclass

import pytest

from lsp_agent.sandbox.alone import alone
from lsp_agent.sandbox.confining.bubblewrap import Bubblewrap
from lsp_agent.sandbox.confining.namespaces import Namespaces, inner_words
from lsp_agent.sandbox.confining.scope import Confinement, Scope
from lsp_agent.sandbox.runner import ViewRunner, make_runner
from tests.lsp_agent.sandbox.views import Bench

pytestmark = pytest.mark.asyncio


@dataclass(frozen=True)
class Words:
    """Walls that are built by words before those of the last steps."""

    before: tuple[str, ...]
    name: str = "half of it"

    def missing(self) -> str:
        """Say that nothing is missing."""
        return ""

    def wrap(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Give the words."""
        return (*self.before, *alone("confining.inside", *inner_words(scope), "--", *argv))


@dataclass(frozen=True)
class Missing:
    """Walls that this machine does not have."""

    name: str = "missing"

    def missing(self) -> str:
        """Say so."""
        return "there are no bricks"

    def wrap(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Must not be asked."""
        raise AssertionError((argv, scope))


def runner_with(bench: Bench, *walls: Confinement) -> ViewRunner:
    """Give a runner with these to choose from."""
    return make_runner(bench.folder / "cache", walls=walls)


@pytest.mark.parametrize("confinement", [Namespaces(), Bubblewrap()])
async def test_walls_that_hold_are_chosen(bench: Bench, confinement: Confinement) -> None:
    if problem := confinement.missing():
        pytest.skip(problem)
    runner = runner_with(bench, Missing(), confinement)
    assert await runner.unconfined_reason() == ""
    found = await runner.sandbox()
    assert found.name == confinement.name
    assert found.n_tried > 20


async def test_on_this_system_there_are_walls(bench: Bench) -> None:
    """Where the product's own tests run, walls that need no package must work."""
    reason = await make_runner(bench.folder / "cache").unconfined_reason()
    if reason and "CI" not in os.environ:
        pytest.skip(reason)
    assert reason == ""


@pytest.mark.parametrize(
    ("before", "escapes"),
    [
        ((), ("connecting by TCP", "reading a secret", "writing in the home folder")),
        (("unshare", "-Urn"), ("reading a secret", "writing beside the workspace")),
        (("unshare", "-Urmpf", "--mount-proc"), ("connecting by TCP", "reading a secret")),
    ],
)
async def test_half_of_the_walls_count_as_none(
    bench: Bench, before: tuple[str, ...], escapes: tuple[str, ...]
) -> None:
    reason = await runner_with(bench, Words(before)).unconfined_reason()
    assert reason.startswith("half of it: it does not prevent ")
    assert [escape for escape in escapes if escape not in reason] == []


async def test_walls_that_cannot_be_built_count_as_none(bench: Bench) -> None:
    reason = await runner_with(bench, Missing(), Words(("false",))).unconfined_reason()
    assert reason.startswith("there are no bricks; half of it: ")


async def test_without_walls_each_result_says_so(bench: Bench) -> None:
    runner = runner_with(bench, Missing())
    result = await runner.run(bench.command("echo hi"), bench.snapshot())
    assert result.output == "hi\n"
    assert result.notes[0] == "the command ran without a sandbox, since there are no bricks"
