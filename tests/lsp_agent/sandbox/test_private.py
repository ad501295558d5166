"""Private folders: nobody else's, and gone afterwards."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from lsp_agent.sandbox.private import private_folder, remove_tree
from mcp_tools.types.errors import CannotShow

pytestmark = pytest.mark.asyncio


async def test_a_folder_is_for_its_user_alone_and_goes(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    async with private_folder(place) as folder:
        assert folder.parent == place
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        (folder / "text").write_text("secret", encoding="utf-8")
    assert list(place.iterdir()) == []


async def test_a_place_that_others_may_enter_is_closed(tmp_path: Path) -> None:
    place = tmp_path / "views"
    place.mkdir()
    place.chmod(0o777)
    async with private_folder(place):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700


async def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "views").symlink_to("elsewhere")
    with pytest.raises(CannotShow, match="expected a folder of your own"):
        await private_folder(tmp_path / "views").__aenter__()


async def test_a_place_of_someone_else_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (tmp_path / "views").mkdir()
    os.chown(tmp_path / "views", 65534, 65534)
    with pytest.raises(CannotShow, match="expected a folder of your own"):
        await private_folder(tmp_path / "views").__aenter__()


async def test_a_link_on_the_way_is_followed_and_gone_from_the_name(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    async with private_folder(tmp_path / "link" / "views") as folder:
        assert folder.parent == tmp_path / "real" / "views"


async def test_what_a_dead_process_left_is_removed_and_what_is_in_use_stays(tmp_path: Path) -> None:
    (tmp_path / "left" / "inner").mkdir(parents=True)
    (tmp_path / "left.lock").touch()
    (tmp_path / "left" / "inner").chmod(0)
    async with private_folder(tmp_path) as first, private_folder(tmp_path) as second:
        names = {path.name for path in await asyncio.to_thread(lambda: list(tmp_path.iterdir()))}
        assert names >= {first.name, second.name}
        assert "left" not in names


async def test_a_tree_with_closed_folders_can_be_removed(tmp_path: Path) -> None:
    (tmp_path / "tree/a/b").mkdir(parents=True)
    (tmp_path / "tree/a/b/file").touch()
    (tmp_path / "outside").mkdir(mode=0o500)
    (tmp_path / "tree/a/link").symlink_to(tmp_path / "outside")
    for name in ("tree/a/b", "tree/a", "tree"):
        (tmp_path / name).chmod(0)
    remove_tree(tmp_path / "tree")
    assert os.listdir(tmp_path) == ["outside"]
    assert stat.S_IMODE((tmp_path / "outside").stat().st_mode) == 0o500
