"""In which of several roots a request works."""

import asyncio
from pathlib import Path

import mcp_types as types
import pytest
from mcp import Client
from mcp.client.context import ClientRequestContext
from pydantic import FileUrl

from mcp_tools.server.rooting import root_in, root_names
from tests.mcp_tools.server.places import LEGACY, MODERN, TIMEOUT_S, serve
from tests.mcp_tools.server.test_tools import text_of

READ = {"path": "notes.txt"}


def test_roots_have_short_names_unless_two_share_one() -> None:
    roots = [Path("/a/app"), Path("/a/lib"), Path("/b/lib")]
    assert root_names(roots) == {"app": roots[0], "/a/lib": roots[1], "/b/lib": roots[2]}
    assert list(root_names(reversed_ := roots[::-1]).values()) == reversed_


@pytest.mark.parametrize(
    ("arguments", "root"),
    [
        ({"path": "/a/app/x.py"}, "/a/app"),
        ({"path": "file:///a/app/x%20y.py", "line": 3}, "/a/app"),
        ({"path": "/a/app/in/x.py"}, "/a/app/in"),
        ({"cwd": "/a/app/../lib"}, "/a/lib"),
        ({"path": "/a/application"}, None),
        ({"path": "/a/app/../../etc"}, None),
        ({"path": "x.py", "content": "a/app"}, None),
        ({"path": "/a/app/x.py", "other": "/a/lib/y.py"}, None),
        ({"path": ["/a/app"], "content": "/a/app/\n"}, None),
    ],
)
def test_an_absolute_path_tells_the_root(arguments: dict[str, object], root: str | None) -> None:
    roots = [Path("/a/app"), Path("/a/lib"), Path("/a/app/in")]
    assert root_in(arguments, roots) == (None if root is None else Path(root))


@pytest.mark.asyncio
async def test_an_absolute_path_is_found_in_its_own_root(tmp_path: Path) -> None:
    served = serve(tmp_path, names=("app", "lib"))
    path = tmp_path / "lib" / "notes.txt"
    path.write_text("of lib\n", encoding="utf-8")
    async with Client(served.server, mode=MODERN) as client:
        text = text_of(await client.call_tool("read_file", {"path": str(path)}))
    assert "of lib" in text
    assert "the roots are" not in text


class Folders:
    """Tells in which folders a client works, and counts how often it was asked."""

    def __init__(self, *uris: str) -> None:
        self.uris = uris
        self.n_asked = 0

    async def __call__(
        self, context: ClientRequestContext
    ) -> types.ListRootsResult | types.ErrorData:
        del context
        self.n_asked += 1
        if self.uris == ("none",):
            return types.ErrorData(code=types.METHOD_NOT_FOUND, message="no roots")
        return types.ListRootsResult(roots=[types.Root(uri=FileUrl(uri)) for uri in self.uris])


async def note_of(folders: Folders, tmp_path: Path, names: tuple[str, ...] = ("app", "lib")) -> str:
    """Give which notes a client reads that works in some folders and names no root."""
    served = serve(tmp_path, names=names)
    for name in names:
        (tmp_path / name / "notes.txt").write_text(f"of {name}\n", encoding="utf-8")
    async with (
        asyncio.timeout(TIMEOUT_S),
        Client(served.server, mode=LEGACY, list_roots_callback=folders) as client,
    ):
        return text_of(await client.call_tool("read_file", READ))


@pytest.mark.protocol("roots")
@pytest.mark.asyncio
@pytest.mark.parametrize("below", ["", "/", "/src/deep", "/with%20space"])
async def test_the_clients_own_folder_tells_the_root(below: str, tmp_path: Path) -> None:
    text = await note_of(Folders((tmp_path / "lib").as_uri() + below), tmp_path)
    assert "of lib" in text
    assert "the roots are" not in text


@pytest.mark.asyncio
async def test_the_inner_of_two_roots_is_meant(tmp_path: Path) -> None:
    folder = Folders((tmp_path / "app/part/x").as_uri())
    assert "of app/part" in await note_of(folder, tmp_path, ("app", "app/part"))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "uris",
    [
        ("file:///etc",),
        ("file:///",),
        ("file://elsewhere{lib}",),
        ("file://{lib}/../../etc",),
        ("file://{app}", "file://{lib}"),
        (),
        ("none",),
    ],
)
async def test_folders_that_tell_nothing_lead_to_the_first_root(
    uris: tuple[str, ...], tmp_path: Path
) -> None:
    places = {"app": tmp_path / "app", "lib": tmp_path / "lib"}
    text = await note_of(Folders(*(uri.format(**places) for uri in uris)), tmp_path)
    assert "of app" in text
    assert text.endswith("[in app; the roots are: app, lib]")


@pytest.mark.protocol("roots-changed")
@pytest.mark.asyncio
async def test_a_client_is_asked_once_and_again_when_its_folders_change(tmp_path: Path) -> None:
    served = serve(tmp_path, names=("app", "lib"))
    folders = Folders((tmp_path / "app").as_uri())
    async with (
        asyncio.timeout(TIMEOUT_S),
        Client(served.server, mode=LEGACY, list_roots_callback=folders) as client,
    ):
        for _ in range(3):
            await client.call_tool("read_file", READ)
        assert folders.n_asked == 1
        await client.session.send_notification(types.RootsListChangedNotification())
        await client.list_tools()
        await client.call_tool("read_file", READ)
        assert folders.n_asked == 2


@pytest.mark.protocol("no-requests-to-the-client")
@pytest.mark.asyncio
async def test_a_client_of_the_era_without_a_handshake_is_never_asked(tmp_path: Path) -> None:
    served = serve(tmp_path, names=("app", "lib"))
    folders = Folders((tmp_path / "lib").as_uri())
    async with (
        asyncio.timeout(TIMEOUT_S),
        Client(served.server, mode=MODERN, list_roots_callback=folders) as client,
    ):
        await client.call_tool("read_file", READ)
    assert folders.n_asked == 0


@pytest.mark.asyncio
async def test_the_one_root_is_never_asked_about(tmp_path: Path) -> None:
    folders = Folders("file:///etc")
    assert "of app" in await note_of(folders, tmp_path, ("app",))
    assert folders.n_asked == 0
