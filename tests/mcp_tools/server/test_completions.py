"""Completions of arguments and variables, in both eras."""

from pathlib import Path

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import Completion, PromptReference, ResourceTemplateReference

from tests.mcp_tools.server.places import ERAS, MODERN, Set, client_of, serve

FILE = ResourceTemplateReference(uri="file:///{+path}")
SYMBOL = ResourceTemplateReference(uri="symbol:///{+path}#{name_path}")
OUTPUT = ResourceTemplateReference(uri="session://output/{id}")
FIX = PromptReference(name="fix")

CODE = """\
class Cart:
    def total(self) -> int:
        key = lambda item: item
        return 1

    def clear(self) -> None: ...


def checkout() -> None: ...
"""


@pytest.fixture
def served(tmp_path: Path) -> Set:
    served = serve(tmp_path)
    root = served.root
    (root / "src" / "deep").mkdir(parents=True)
    (root / "src" / "cart.py").write_text(CODE, encoding="utf-8")
    (root / "src" / "deep" / "cart_list.ts").write_text("x\n", encoding="utf-8")
    (root / "README.md").write_text("x\n", encoding="utf-8")
    (root / ".gitignore").write_text("build/\n", encoding="utf-8")
    (root / "build").mkdir()
    (root / "build" / "cart.py").write_text("x\n", encoding="utf-8")
    return served


async def completed(
    client: Client,
    ref: ResourceTemplateReference | PromptReference,
    name: str,
    value: str,
    **others: str,
) -> Completion:
    argument = {"name": name, "value": value}
    return (await client.complete(ref, argument, context_arguments=others or None)).completion


async def values(
    client: Client,
    ref: ResourceTemplateReference | PromptReference,
    name: str,
    value: str,
    **others: str,
) -> list[str]:
    return (await completed(client, ref, name, value, **others)).values


@pytest.mark.protocol("completion")
@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_paths_are_completed_without_what_is_ignored(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        for ref in (FILE, SYMBOL, FIX):
            assert await values(client, ref, "path", "src/ca") == ["src/cart.py"]
        assert await values(client, FILE, "path", "cart") == [
            "src/cart.py", "src/deep/cart_list.ts",
        ]  # fmt: skip
        assert await values(client, FILE, "path", "readme") == ["README.md"]
        assert await values(client, FILE, "path", "sdl") == ["src/deep/cart_list.ts"]
        assert await values(client, FILE, "path", "nothing_like_it") == []
        assert await values(client, FILE, "path", "./app") == ["app.py"]
        nothing = await values(client, FILE, "path", "")
        assert nothing[:3] == [".gitignore", "README.md", "app.py"]


@pytest.mark.asyncio
async def test_files_that_come_unsaved_or_on_disk_are_found(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        assert await values(client, FILE, "path", "fresh") == []
        served.places.type_in_editor(served.root / "fresh_unsaved.py", "a = 1\n")
        (served.root / "fresh_saved.py").write_text("a = 1\n", encoding="utf-8")
        served.places.change(served.root, "fresh_saved.py")
        assert await values(client, FILE, "path", "fresh") == [
            "fresh_unsaved.py", "fresh_saved.py",
        ]  # fmt: skip


@pytest.mark.protocol("completion")
@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_name_paths_are_completed_in_a_file_and_anywhere(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        inside = await values(client, SYMBOL, "name_path", "", path="src/cart.py")
        assert inside[:2] == ["Cart", "checkout"]
        assert "Cart/total" in inside
        assert not any("lambda" in name for name in inside)
        total = await values(client, SYMBOL, "name_path", "tot", path="src/cart.py")
        assert total[0] == "Cart/total"
        assert await values(client, FIX, "symbol", "Cart/c", path="src/cart.py") == ["Cart/clear"]
        assert await values(client, FIX, "symbol", "price") == ["price"]
        assert await values(client, FIX, "symbol", "Cart/tot") == ["Cart/total"]
        assert await values(client, SYMBOL, "name_path", "a", path="missing.py") == []
        assert await values(client, SYMBOL, "name_path", "a", path="../out.py") == []


@pytest.mark.protocol("completion-limit")
@pytest.mark.asyncio
async def test_at_most_a_hundred_values_come(served: Set) -> None:
    for number in range(150):
        (served.root / f"part_{number:03}.txt").touch()
    async with client_of(served.server, MODERN) as client:
        many = await completed(client, FILE, "path", "part_")
        assert (len(many.values), many.has_more, many.total) == (100, True, None)
        assert many.values == sorted(many.values)
        few = await completed(client, FILE, "path", "part_00")
        assert (len(few.values), few.has_more, few.total) == (10, False, 10)


@pytest.mark.asyncio
async def test_past_calls_are_completed(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        await client.call_tool("echo", {"text": "a"})
        (call_id,) = await values(client, OUTPUT, "id", "")
        assert await values(client, OUTPUT, "id", call_id[:3]) == [call_id]
        assert await values(client, OUTPUT, "id", "no such") == []


@pytest.mark.asyncio
async def test_free_words_have_no_completions(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        assert await values(client, FIX, "problem", "a") == []
        assert await values(client, FILE, "path", "a" * 5000) == []
        assert await values(client, FILE, "path", "a\nb\0c") == []


@pytest.mark.protocol("completion-errors")
@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_what_is_not_there_cannot_be_completed(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        for ref, name in (
            (PromptReference(name="nothing"), "path"),
            (ResourceTemplateReference(uri="file:///src/app.py"), "path"),
            (FIX, "file"),
            (FILE, "name_path"),
        ):
            with pytest.raises(MCPError) as caught:
                await values(client, ref, name, "a")
            assert caught.value.error.code == -32602
