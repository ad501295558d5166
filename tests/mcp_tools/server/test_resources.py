"""Resources, as clients of both eras list and read them."""

import asyncio
import base64
from pathlib import Path

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.shared.uri_template import UriTemplate
from mcp_types import BlobResourceContents, TextResourceContents

from mcp_tools.server.addresses import MAX_URI_CHARS, file_uri
from mcp_tools.server.ports import Caller
from mcp_tools.workspace.workspace import Hold
from tests.mcp_tools.server.places import ERAS, LEGACY, MODERN, Set, client_of, serve
from tests.mcp_tools.workspace.changing import changes, create

PNG = b"\x89PNG\r\n\x1a\n\0\0\xff"
CODE = """\
class Cart:
    def total(self) -> int:
        return 1


def lone() -> None:
    undefined_name
"""

NOT_FOUND = (
    "file:///missing.py",
    "file:///etc/passwd",
    "file:///../outside.txt",
    "file:///%2e%2e/outside.txt",
    "file:///src/%2e%2e/%2e%2e/outside.txt",
    "file:///link.txt",
    "file:///src/cart.py%00.txt",
    "file:///.env",
    "file:///.git/config",
    "file:///build/out.py",
    "file:///build",
    "file:///src/cart.py#L99",
    "file:///src/cart.py#L3-L2",
    "symbol:///src/cart.py#Missing",
    "symbol:///src/cart.py",
    "symbol:///.env#KEY",
    "symbol:///link.txt#a",
    "diagnostics:///missing.py",
    "diagnostics:///src",
    "session://nothing",
    "session://output/other",
    "test://nonexistent",
    "no uri",
    "",
    "file:///" + "a" * 5000,
    "file:///" + "a/" * 4000,
    "file:///" + "x" * 100_000,
    "symbol:///src/cart.py#" + "x" * 2000,
)


@pytest.fixture
def served(tmp_path: Path) -> Set:
    served = serve(tmp_path)
    root = served.root
    (root / "src").mkdir()
    (root / "src" / "cart.py").write_text(CODE, encoding="utf-8")
    (root / "logo.png").write_bytes(PNG)
    (root / "README.md").write_text("# Shop\n", encoding="utf-8")
    (root / ".gitignore").write_text("build/\n.env\n", encoding="utf-8")
    (root / ".env").write_text("KEY=secret\n", encoding="utf-8")
    (root / "build").mkdir()
    (root / "build" / "out.py").write_text("a = 1\n", encoding="utf-8")
    return served


async def text_of(client: Client, uri: str) -> str:
    result = await client.read_resource(uri)
    (content,) = result.contents
    assert isinstance(content, TextResourceContents)
    assert content.uri == uri
    return content.text


async def error_of(client: Client, uri: str) -> MCPError:
    with pytest.raises(MCPError) as caught:
        await client.read_resource(uri)
    return caught.value


@pytest.mark.protocol("resources-read")
@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_a_file_is_read_by_its_absolute_and_its_relative_path(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        absolute = await text_of(client, file_uri(served.root / "src" / "cart.py"))
        assert absolute == CODE
        assert await text_of(client, "file:///src/cart.py") == CODE
        assert await text_of(client, "file:///src/cart.py#L2-L3") == (
            "    def total(self) -> int:\n        return 1\n"
        )


@pytest.mark.asyncio
async def test_what_is_secret_of_a_file_is_not_given(served: Set) -> None:
    (served.root / "notes.txt").write_text("a hush-hush word\n", encoding="utf-8")
    async with client_of(served.server, MODERN) as client:
        assert await text_of(client, "file:///notes.txt") == "a [hidden] word\n"


@pytest.mark.protocol("resources-read")
@pytest.mark.asyncio
async def test_a_type_goes_by_the_name_and_bytes_are_a_blob(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        (code,) = (await client.read_resource("file:///src/cart.py")).contents
        assert code.mime_type == "text/x-python"
        (logo,) = (await client.read_resource("file:///logo.png")).contents
        assert isinstance(logo, BlobResourceContents)
        assert logo.mime_type == "image/png"
        assert base64.b64decode(logo.blob) == PNG


@pytest.mark.asyncio
async def test_a_folder_gives_its_names_without_what_is_ignored(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        names = await text_of(client, file_uri(served.root))
        assert names.split("\n") == [
            ".gitignore", "README.md", "app.py", "logo.png", "notes.txt", "shop.py", "src/",
        ]  # fmt: skip
        assert await text_of(client, "file:///src") == "cart.py"


@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_unsaved_text_and_own_proposals_are_served(served: Set, era: str) -> None:
    served.places.type_in_editor(served.root / "notes.txt", "typed\n")
    async with client_of(served.server, era) as client:
        assert await text_of(client, "file:///notes.txt") == "typed\n"
        place = await served.places.at(Caller(id="a"), served.root)
        new = create(served.root / "new.py", "def fresh() -> None: ...\n")
        place.workspace.apply(Hold(proposal_id="p", changes=changes(new)))
        assert "fresh" in await text_of(client, "file:///new.py")
        assert "new.py:1" in await text_of(client, "symbol:///new.py#fresh")
        assert not (served.root / "new.py").exists()


@pytest.mark.protocol("resources-not-found")
@pytest.mark.asyncio
@pytest.mark.parametrize(("era", "code"), [(LEGACY, -32002), (MODERN, -32602)])
async def test_what_is_not_there_or_not_to_be_seen_is_not_found(
    served: Set, era: str, code: int
) -> None:
    outside = served.root.parent / "outside.txt"
    outside.write_text("a secret\n", encoding="utf-8")
    (served.root / "link.txt").symlink_to(outside)
    async with client_of(served.server, era) as client:
        for uri in NOT_FOUND:
            error = (await error_of(client, uri)).error
            assert (error.code, error.data) == (code, {"uri": uri[:MAX_URI_CHARS]})
            assert "secret" not in error.message


@pytest.mark.protocol("resources-not-found")
@pytest.mark.asyncio
async def test_a_file_that_is_hidden_reads_like_one_that_is_missing(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        hidden = (await error_of(client, "file:///.env")).error.message
        missing = (await error_of(client, "file:///gone.py")).error.message
        assert hidden.replace(".env", "gone.py") == missing


@pytest.mark.asyncio
async def test_too_large_a_file_is_read_in_parts(served: Set) -> None:
    (served.root / "large.txt").write_text("a line of text\n" * 400_000, encoding="utf-8")
    async with client_of(served.server, MODERN) as client:
        assert "#L1" in (await error_of(client, "file:///large.txt")).error.message
        assert await text_of(client, "file:///large.txt#L7-L8") == "a line of text\n" * 2


@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_a_symbol_is_given_with_its_place(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        text = await text_of(client, "symbol:///src/cart.py#Cart/total")
        assert "src/cart.py:2" in text
        assert text.endswith("    def total(self) -> int:\n        return 1")
        # As a client writes it that fills in the template.
        template = UriTemplate.parse("symbol:///{+path}#{name_path}")
        filled = template.expand({"path": "src/cart.py", "name_path": "Cart/total"})
        assert await text_of(client, filled) == text
        assert "lone" in (await error_of(client, "symbol:///src/cart.py#lon")).error.message


@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_problems_of_a_file_and_of_all_changed_files(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        assert "F821" in await text_of(client, "diagnostics:///src/cart.py")
        assert "no file differs" in await text_of(client, "diagnostics:///")
        served.places.type_in_editor(served.root / "shop.py", "def price(:\n")
        assert "shop.py" in await text_of(client, "diagnostics:///")


@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_past_calls_and_their_whole_output(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        assert await text_of(client, "session://calls") == "no calls yet"
        await client.call_tool("echo", {"text": "first"})
        await client.call_tool("echo", {"text": "second"})
        lines = (await text_of(client, "session://calls")).split("\n")[1:]
        assert [line.split()[1:3] for line in lines] == [["echo", "done"], ["echo", "done"]]
        newest = lines[0].split()[0]
        assert await text_of(client, f"session://output/{newest}") == "second"


@pytest.mark.asyncio
async def test_calls_of_one_client_are_not_there_for_another(served: Set) -> None:
    async with (
        client_of(served.server, MODERN) as one,
        client_of(served.server, MODERN) as other,
    ):
        await one.call_tool("echo", {"text": "mine"})
        assert await text_of(other, "session://calls") == "no calls yet"


@pytest.mark.protocol("resources-list")
@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_the_list_is_an_overview_with_guides_first(served: Set, era: str) -> None:
    served.places.type_in_editor(served.root / "src" / "cart.py", CODE + "# more\n")
    async with client_of(served.server, era) as client:
        result = await client.list_resources()
        assert [resource.name for resource in result.resources] == [
            "README.md", "src/cart.py", ".gitignore", "app.py", "logo.png", "notes.txt",
            "shop.py", "diagnostics", "calls",
        ]  # fmt: skip
        readme = result.resources[0]
        assert readme.uri == file_uri(served.root / "README.md")
        assert (readme.mime_type, readme.size) == ("text/markdown", 7)
        assert readme.annotations is not None
        assert (readme.annotations.last_modified or "").endswith("Z")
        assert result.next_cursor is None
        for resource in result.resources:
            await client.read_resource(resource.uri)


@pytest.mark.protocol("resources-list", "pagination")
@pytest.mark.asyncio
async def test_a_long_list_comes_in_pages(served: Set) -> None:
    for number in range(150):
        (served.root / f"file_{number:03}.txt").touch()
    async with client_of(served.server, MODERN) as client:
        first = await client.list_resources()
        assert len(first.resources) == 100
        second = await client.list_resources(cursor=first.next_cursor)
        assert second.next_cursor is None
        uris = [resource.uri for resource in (*first.resources, *second.resources)]
        assert len(uris) == len(set(uris)) == 150 + 7 + 1
        with pytest.raises(MCPError) as caught:
            await client.list_resources(cursor="wrong")
        assert caught.value.error.code == -32602


@pytest.mark.protocol("resources-templates")
@pytest.mark.asyncio
@pytest.mark.parametrize("era", ERAS)
async def test_templates_can_be_filled_in(served: Set, era: str) -> None:
    async with client_of(served.server, era) as client:
        templates = (await client.list_resource_templates()).resource_templates
        assert [template.uri_template for template in templates] == [
            "file:///{+path}",
            "symbol:///{+path}#{name_path}",
            "diagnostics:///{+path}",
            "session://output/{id}",
        ]
        values = {"path": "src/cart.py", "name_path": "Cart"}
        for template in templates[:3]:
            await client.read_resource(UriTemplate.parse(template.uri_template).expand(values))
        with pytest.raises(MCPError):
            await client.list_resource_templates(cursor="any")


@pytest.mark.protocol("caching-hints")
@pytest.mark.asyncio
async def test_answers_say_that_they_are_private_and_not_to_be_kept(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        read = await client.read_resource("file:///notes.txt")
        listed = await client.list_resources()
        assert {(r.ttl_ms, r.cache_scope) for r in (read, listed)} == {(0, "private")}
        assert (await client.list_resource_templates()).ttl_ms > 0


@pytest.mark.asyncio
async def test_many_reads_at_once_are_all_answered(served: Set) -> None:
    async with client_of(served.server, MODERN) as client:
        reads = [text_of(client, f"file:///src/cart.py#L{1 + n % 3}") for n in range(100)]
        texts = await asyncio.gather(*reads)
        assert len(set(texts)) == 3


@pytest.mark.asyncio
async def test_each_root_is_reached_by_absolute_addresses(tmp_path: Path) -> None:
    served = serve(tmp_path, names=("one", "two"))
    one, two = served.places.roots
    (two / "only.py").write_text("def here() -> None: ...\n", encoding="utf-8")
    async with client_of(served.server, MODERN) as client:
        assert "here" in await text_of(client, file_uri(two / "only.py"))
        symbol = file_uri(two / "only.py").replace("file:", "symbol:") + "#here"
        assert "only.py:1" in await text_of(client, symbol)
        assert "price" in await text_of(client, file_uri(one / "shop.py"))
        await error_of(client, "file:///only.py")
