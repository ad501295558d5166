"""Plugins register functions, and a file cannot."""

from pathlib import Path

import pytest

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.firing import fire
from lsp_agent.hooks.hook import Maker, Occasion
from lsp_agent.hooks.kinds.callback import KIND, HookRegistry, make
from lsp_agent.hooks.matching import Matcher
from tests.lsp_agent.hooks.occasions import occasion, place

pytestmark = pytest.mark.asyncio


async def deny(occasion: Occasion) -> Answer | None:
    return Answer(decision="deny", reason=f"not {occasion.event}")


async def watch(occasion: Occasion) -> Answer | None:
    del occasion
    return None


async def test_a_callback_is_asked() -> None:
    registry = HookRegistry()
    hook = registry.add(HookEvent.BEFORE_TOOL, deny, matcher=Matcher(tool="shell"))
    assert registry.hooks == (hook,)
    assert (hook.name, hook.kind, hook.maker) == ("deny", "callback", Maker.PLUGIN)
    assert hook.is_for(occasion())
    assert (await fire([hook], occasion())).denial == "the hook 'deny': not before_tool"


async def test_none_is_the_empty_answer() -> None:
    hook = HookRegistry().add(HookEvent.BEFORE_TOOL, watch, name="watcher")
    assert hook.name == "watcher"
    assert await hook.run(occasion()) == NOTHING


async def test_only_the_hook_itself_is_removed() -> None:
    registry = HookRegistry()
    first, second = (registry.add(HookEvent.STOP, watch) for _ in range(2))
    registry.remove(first)
    assert len(registry.hooks) == 1
    assert registry.hooks[0] is second
    registry.remove(first)
    assert len(registry.hooks) == 1


async def test_a_file_has_nothing_to_make_one_of(tmp_path: Path) -> None:
    assert KIND.fields is None
    with pytest.raises(HookFailed, match="come from plugins"):
        make(None, place(tmp_path))
