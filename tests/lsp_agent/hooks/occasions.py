"""Occasions for hooks, and hooks that answer at once."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from lsp_agent.hooks.answers import Answer, HookFailed
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.hook import Hook, Maker, Occasion, OnFailure, Place
from lsp_agent.hooks.payloads import Payload, PromptGiven, ToolWanted

LIMIT_S = 5.0


class NoJudges:
    """Nobody can be asked; implements Judges."""

    async def ask_model(self, instructions: str, question: str) -> str:
        del instructions, question
        raise HookFailed("there is no model")

    async def ask_agent(self, instructions: str, question: str, *, max_steps: int) -> str:
        del instructions, question, max_steps
        raise HookFailed("there is no model")


class ScriptedJudges:
    """Gives one answer, and keeps what it was asked; implements Judges."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.asked: list[tuple[str, str, int]] = []

    async def ask_model(self, instructions: str, question: str) -> str:
        return await self.ask_agent(instructions, question, max_steps=1)

    async def ask_agent(self, instructions: str, question: str, *, max_steps: int) -> str:
        self.asked.append((instructions, question, max_steps))
        return self.words


SHELL = ToolWanted(tool="shell", call_id="c1", arguments={"command": "rm -r build"})
PROMPT = PromptGiven(text="Mend it")


def occasion(
    event: HookEvent = HookEvent.BEFORE_TOOL,
    payload: Payload = SHELL,
    *,
    judges: NoJudges | ScriptedJudges | None = None,
    root: Path = Path("/projects/shop"),
) -> Occasion:
    """Give an occasion; a shell call without arguments."""
    return Occasion(
        event=event, payload=payload, session_id="s1", root=root, judges=judges or NoJudges()
    )


def hook(
    name: str,
    answer: Answer | Exception | Callable[[Occasion], Answer],
    *,
    may_change: bool = False,
    on_failure: OnFailure | None = None,
) -> Hook:
    """Give a hook of all events that answers, or fails, at once."""

    async def run(occasion: Occasion) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else answer(occasion)

    return Hook(
        name=name,
        kind="test",
        maker=Maker.USER,
        events=frozenset(HookEvent),
        run=run,
        may_change=may_change,
        on_failure=on_failure,
    )


def hanging(name: str, *, on_failure: OnFailure | None = None) -> Hook:
    """Give a hook that never answers, and has little time for it."""

    async def run(occasion: Occasion) -> Answer:
        del occasion
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    return Hook(
        name=name,
        kind="test",
        maker=Maker.USER,
        events=frozenset(HookEvent),
        run=run,
        timeout_s=0.01,
        on_failure=on_failure,
    )


def place(folder: Path, *, maker: Maker = Maker.USER) -> Place:
    """Give a place whose workspace lies in another folder than its programs run in."""
    root = folder / "workspace"
    root.mkdir(exist_ok=True)
    return Place(maker=maker, folder=folder, root=root)


def names(hooks: Sequence[Hook]) -> list[str]:
    """Give the names of hooks."""
    return [each.name for each in hooks]
