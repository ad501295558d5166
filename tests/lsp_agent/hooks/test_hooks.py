"""Which hooks count: of the user, of a project that was agreed to, of plugins."""

from pathlib import Path

import pytest

from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.events import EVENTS, HookEvent, May
from lsp_agent.hooks.firing import fire
from lsp_agent.hooks.hook import Maker, Occasion
from lsp_agent.hooks.hooks import Agreed, Hooks, HookSources
from tests.lsp_agent.hooks.occasions import names, occasion

USER = '[[hook]]\nname = "mine"\non = ["stop"]\nkind = "command"\nargv = ["true"]\n'
PROJECT = USER.replace("mine", "theirs")


class Folder:
    """A user's file, and what was agreed to of a project."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        self.file = folder / "hooks.toml"
        self.agreed = Agreed()
        self.hooks = Hooks(
            HookSources(user_file=self.file, root=folder / "shop", agreed=lambda: self.agreed)
        )

    def write(self, text: str, mode: int = 0o600) -> None:
        self.file.write_text(text, encoding="utf-8")
        self.file.chmod(mode)
        self.hooks.refresh()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder without a file."""
    return Folder(tmp_path)


def test_without_files_there_are_none(folder: Folder) -> None:
    folder.hooks.refresh()
    assert folder.hooks.all() == ()
    assert all(folder.hooks.of(event) == () for event in HookEvent)


def test_a_file_is_read_again_when_it_has_changed(folder: Folder) -> None:
    folder.write(USER)
    (first,) = folder.hooks.of(HookEvent.STOP)
    folder.hooks.refresh()
    assert folder.hooks.of(HookEvent.STOP) == (first,)
    folder.write(USER.replace("mine", "other"))
    assert names(folder.hooks.of(HookEvent.STOP)) == ["other"]
    folder.file.unlink()
    folder.hooks.refresh()
    assert folder.hooks.all() == ()


def test_a_project_counts_only_as_far_as_it_was_agreed_to(folder: Folder) -> None:
    folder.agreed = Agreed(pending="the hooks of the project do not count")
    folder.write(USER)
    assert names(folder.hooks.all()) == ["mine"]
    assert folder.hooks.problems() == ("the hooks of the project do not count",)
    folder.agreed = Agreed(text=PROJECT)
    folder.hooks.refresh()
    assert names(folder.hooks.all()) == ["mine", "theirs"]
    assert folder.hooks.all()[1].maker is Maker.PROJECT
    folder.agreed = Agreed()
    folder.hooks.refresh()
    assert names(folder.hooks.all()) == ["mine"]


def test_a_file_that_others_can_write_is_ignored_and_that_is_said(folder: Folder) -> None:
    folder.write(USER, mode=0o666)
    assert folder.hooks.all() == ()
    assert "others can write" in folder.hooks.problems()[0]
    folder.write(USER, mode=0o600)
    assert folder.hooks.problems() == ()


@pytest.mark.asyncio
@pytest.mark.parametrize("event", HookEvent)
async def test_a_wrong_file_denies_all_that_can_be_denied(folder: Folder, event: HookEvent) -> None:
    folder.write(USER + "[[hook]]\n")
    (problem,) = folder.hooks.problems()
    assert "line 6: Object missing required field" in problem
    is_deniable = May.DENY in EVENTS[event].may
    assert bool(folder.hooks.of(event)) is is_deniable
    if is_deniable:
        heard = await fire(folder.hooks.of(event), occasion(event))
        assert problem in heard.denial


def test_a_wrong_file_of_a_project_leaves_those_of_the_user(folder: Folder) -> None:
    folder.agreed = Agreed(text="[hook]")
    folder.write(USER)
    assert names(folder.hooks.of(HookEvent.STOP)) == ["mine"]
    assert names(folder.hooks.of(HookEvent.BEFORE_TOOL)) == ["hooks.toml"]


def test_plugins_come_and_go(folder: Folder) -> None:
    async def watch(_: Occasion) -> Answer | None:
        return None

    folder.write(USER)
    hook = folder.hooks.registry.add(HookEvent.STOP, watch, name="plugin")
    assert names(folder.hooks.of(HookEvent.STOP)) == ["mine", "plugin"]
    folder.hooks.registry.remove(hook)
    assert names(folder.hooks.of(HookEvent.STOP)) == ["mine"]
