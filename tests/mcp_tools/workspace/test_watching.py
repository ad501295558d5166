"""Watching a folder of a project."""

import shutil
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from mcp_tools.workspace.watching import Watch

TIMEOUT_S = 5


class Heard:
    """Remembers what a watch tells."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.has_begun = threading.Event()
        self.has_ended = threading.Event()
        self._news = threading.Condition()

    def watch_began(self) -> None:
        self.has_begun.set()

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        with self._news:
            self.paths += paths
            self._news.notify_all()

    def watch_ended(self) -> None:
        self.has_ended.set()

    def until(self, is_enough: Callable[[list[Path]], bool]) -> bool:
        with self._news:
            return self._news.wait_for(lambda: is_enough(self.paths), TIMEOUT_S)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def root(tmp_path: Path, heard: Heard) -> Generator[Path]:
    root = (tmp_path / "project").resolve()
    (root / "inner").mkdir(parents=True)
    (root / "build").mkdir()
    (root / ".gitignore").write_text("build/\n*.log\n", encoding="utf-8")
    watch = Watch(root, heard)
    assert heard.has_begun.wait(TIMEOUT_S)
    yield root
    watch.close()
    assert heard.has_ended.is_set()


def test_a_changed_file_is_told_and_an_ignored_one_is_not(root: Path, heard: Heard) -> None:
    (root / "x.log").write_text("1", encoding="utf-8")
    (root / "build" / "b.py").write_text("1", encoding="utf-8")
    (root / "inner" / "a.py").write_text("1", encoding="utf-8")
    assert heard.until(lambda paths: root / "inner" / "a.py" in paths)
    assert root / "x.log" not in heard.paths
    assert root / "build" / "b.py" not in heard.paths


def test_a_removed_file_is_told(root: Path, heard: Heard) -> None:
    (root / "inner" / "a.py").write_text("1", encoding="utf-8")
    assert heard.until(lambda paths: root / "inner" / "a.py" in paths)
    heard.paths.clear()
    (root / "inner" / "a.py").unlink()
    assert heard.until(lambda paths: root / "inner" / "a.py" in paths)


def test_after_a_new_folder_everything_may_have_changed(root: Path, heard: Heard) -> None:
    (root / "new" / "deep").mkdir(parents=True)
    (root / "new" / "deep" / "n.py").write_text("1", encoding="utf-8")
    assert heard.until(lambda paths: root in paths)
    heard.paths.clear()
    (root / "new" / "deep" / "n.py").write_text("2", encoding="utf-8")
    assert heard.until(lambda paths: root / "new" / "deep" / "n.py" in paths)


def test_new_ignore_rules_count(root: Path, heard: Heard) -> None:
    (root / ".gitignore").write_text("", encoding="utf-8")
    assert heard.until(lambda paths: root in paths)
    (root / "x.log").write_text("1", encoding="utf-8")
    assert heard.until(lambda paths: root / "x.log" in paths)


def test_a_removed_folder_is_told(root: Path, heard: Heard) -> None:
    shutil.rmtree(root / "inner")
    assert heard.until(lambda paths: root / "inner" in paths)


def test_a_root_that_is_gone_ends_the_watch(tmp_path: Path, heard: Heard) -> None:
    watch = Watch(tmp_path / "nothing", heard)
    assert heard.has_ended.wait(TIMEOUT_S)
    assert not heard.has_begun.is_set()
    watch.close()
