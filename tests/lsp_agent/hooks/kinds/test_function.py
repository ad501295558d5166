"""A function of an installed package is called in a thread, once at a time."""

import asyncio
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.kinds.function import FunctionFields, make
from tests.lsp_agent.hooks.occasions import LIMIT_S, occasion, place

pytestmark = pytest.mark.asyncio

SOURCE = """\
import threading
loaded_in = threading.current_thread().name
go_on = threading.Event()

def deny(told):
    return {"decision": "deny", "reason": told["event"] + " in " + told["payload"]["tool"]}

def watch(told):
    return None

def hang(told):
    go_on.wait(5)

def crash(told):
    raise ValueError("oops")

def odd(told):
    return {"decision": "allow"}

number = 7
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A package that is installed, so to speak."""
    name = "own_hooks_of_a_test"
    (tmp_path / "site" / name).mkdir(parents=True)
    (tmp_path / "site" / name / "__init__.py").touch()
    (tmp_path / "site" / name / "checks.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    yield name
    for module in [each for each in sys.modules if each.startswith(name)]:
        del sys.modules[module]


async def answer(folder: Path, function: str) -> Answer:
    """Call a function as a hook."""
    async with asyncio.timeout(LIMIT_S):
        return await make(FunctionFields(function=function), place(folder))(occasion())


async def test_it_gets_the_occasion_and_gives_an_answer(tmp_path: Path, package: str) -> None:
    found = await answer(tmp_path, f"{package}.checks:deny")
    assert found == Answer(decision="deny", reason="before_tool in shell")
    assert await answer(tmp_path, f"{package}.checks:watch") == NOTHING


async def test_it_is_imported_at_its_first_use_and_not_on_the_event_loop(
    tmp_path: Path, package: str
) -> None:
    run = make(FunctionFields(function=f"{package}.checks:watch"), place(tmp_path))
    assert f"{package}.checks" not in sys.modules
    async with asyncio.timeout(LIMIT_S):
        await run(occasion())
    module: ModuleType = sys.modules[f"{package}.checks"]
    assert module.loaded_in != threading.main_thread().name


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("checks:number", "there is no function 'number'"),
        ("checks:missing", "there is no function 'missing'"),
        ("checks:odd", "not what the schema says"),
    ],
)
async def test_what_gives_no_answer_fails(
    tmp_path: Path, package: str, function: str, reason: str
) -> None:
    with pytest.raises(HookFailed, match=reason):
        await answer(tmp_path, f"{package}.{function}")


async def test_a_fault_of_it_is_given_to_who_waits(tmp_path: Path, package: str) -> None:
    with pytest.raises(ValueError, match="oops"):
        await answer(tmp_path, f"{package}.checks:crash")


async def test_a_package_that_is_not_installed_fails(tmp_path: Path) -> None:
    with pytest.raises(HookFailed, match="is not installed"):
        await answer(tmp_path, "no_such_package_here.checks:deny")


async def test_nothing_is_loaded_from_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = place(tmp_path).root
    monkeypatch.setattr(sys, "path", [str(workspace), *sys.path])
    canary = workspace / "canary"
    (workspace / "evil_hooks.py").write_text(
        f"open({str(canary)!r}, 'w').close()\ndef deny(told): ...\n", encoding="utf-8"
    )
    with pytest.raises(HookFailed, match="lies in the workspace"):
        await answer(tmp_path, "evil_hooks:deny")
    assert not canary.exists()


async def test_one_that_hangs_is_left_and_fails_at_once_until_it_returns(
    tmp_path: Path, package: str
) -> None:
    run = make(FunctionFields(function=f"{package}.checks:hang"), place(tmp_path))
    hanging = asyncio.ensure_future(run(occasion()))
    await asyncio.sleep(0)
    with pytest.raises(HookFailed, match="has not come back"):
        await run(occasion())
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with asyncio.timeout(LIMIT_S):
        while f"{package}.checks" not in sys.modules or not await has_returned(run):
            module: Any = sys.modules.get(f"{package}.checks")
            if hasattr(module, "go_on"):
                module.go_on.set()
            await asyncio.sleep(0)


async def has_returned(run: Any) -> bool:
    """Tell whether the function can be called again."""
    try:
        await run(occasion())
    except HookFailed:
        return False
    return True


@pytest.mark.parametrize("path", ["os", "os:", ":f", "os:path:x", "os system:f", "../a:b", "a:b c"])
async def test_a_path_has_a_module_and_a_function(path: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"function": path}, FunctionFields)
