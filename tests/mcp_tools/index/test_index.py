"""Builds, changes and questions of an index."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from mcp_tools.index.index import Index
from mcp_tools.index.reports import Progress
from mcp_tools.types.codebase import LeftOut
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.workspace import CloseBuffer, Hold, SetBuffer
from tests.mcp_tools.index.coding import Code, names_found

FILES = {
    "a.py": "import pkg.b\n\nclass Tea:\n    def brew(self):\n        return pkg.b.pour()\n",
    "pkg/__init__.py": "",
    "pkg/b.py": "def pour(): ...\nCUPS = 2\n",
    "notes.txt": "pour",
}
SOURCES = ("a.py", "pkg/__init__.py", "pkg/b.py")


def test_a_view_answers_before_anything_was_built(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        view = code.view(index)
        assert view.files() == SOURCES
        assert view.files_with("pour") == ("a.py", "pkg/b.py")
        assert view.digest("pkg/b.py") == digest_of(FILES["pkg/b.py"])
        state = view.state()
        assert (state.is_complete, state.n_files, state.n_indexed) == (True, 3, 2)


def test_a_search_for_symbols_says_what_it_cannot_know_yet(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        view = code.view(index)
        assert names_found(view, "pour") == []
        assert not view.state().is_complete
        index.build()
        view = code.view(index)
        assert names_found(view, "pour") == ["pkg/b.py:pour"]
        assert view.state().is_complete


def test_a_build_reports_progress_and_result(code: Code) -> None:
    code.write(FILES)
    seen: list[Progress] = []
    with code.index() as index:
        report = index.build(seen.append)
        assert (report.n_files, report.n_read, report.left_out) == (3, 3, ())
        assert report.is_complete
        assert report.database_bytes > 0
        assert report.problem == ""
        assert seen[-1] == Progress(3, 3)
        assert index.build().n_read == 0


def test_a_build_that_is_cancelled_says_so_and_goes_on_later(code: Code) -> None:
    code.write({f"m{number}.py": "x = 1\n" * 60_000 for number in range(4)})
    cancel = threading.Event()
    with code.index() as index:
        report = index.build(lambda _: cancel.set(), cancel)
        assert not report.is_complete
        assert 0 < report.n_read < 4
        assert index.build().is_complete


def test_a_new_process_knows_what_an_earlier_one_read(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    with code.index() as index:
        view = code.view(index)
        assert view.files_with("pour") == ("a.py", "pkg/b.py")
        assert names_found(view, "brew") == ["a.py:brew"]
        hit = view.find_symbols("brew", 1)[0]
        assert (hit.container, hit.line, hit.column) == ("Tea", 3, 8)
        assert view.state().n_indexed == 3
        assert index.build().n_read == 0


def test_a_change_on_disk_counts_at_once_though_nobody_has_reported_it(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        code.view(index)
        code.write({"a.py": "def fresh(): ...\n"}, at_ns=1_700_000_000_000_000_000)
        view = code.view(index)
        assert view.files_with("pour") == ("pkg/b.py",)
        assert view.digest("a.py") == digest_of("def fresh(): ...\n")
        assert names_found(view, "brew") == []
        assert view.document("a.py").text == "def fresh(): ...\n"


def test_files_that_come_and_go_count_when_they_are_reported(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        code.write({"c.py": "from pkg.b import pour\n"})
        (code.root / "a.py").unlink()
        (code.root / "pkg" / "b.py").rename(code.root / "pkg" / "d.py")
        index.changed([code.root / name for name in ("c.py", "a.py", "pkg/b.py", "pkg/d.py")])
        view = code.view(index)
        assert view.files() == ("c.py", "pkg/__init__.py", "pkg/d.py")
        assert view.files_with("pour") == ("c.py", "pkg/d.py")
        assert view.facts("a.py") is None


def test_a_new_folder_is_searched_when_it_is_reported(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        code.write({"new/deep/c.py": "pour = 1\n"})
        index.changed([code.root / "new"])
        assert "new/deep/c.py" in code.view(index).files_with("pour")
        shutil.rmtree(code.root / "new")
        index.changed([code.root / "new"])
        assert "new/deep/c.py" not in code.view(index).files()


def test_ignored_files_are_no_part_of_it(code: Code) -> None:
    code.write({**FILES, ".gitignore": "build/\n", "build/x.py": "pour = 1\n"})
    with code.index() as index:
        assert code.view(index).files_with("pour") == ("a.py", "pkg/b.py")
        code.write({"build/y.py": "pour = 1\n"})
        index.changed([code.root / "build" / "y.py"])
        assert code.view(index).files() == SOURCES
        code.write({".gitignore": ""})
        index.changed([code.root / ".gitignore"])
        assert "build/x.py" in code.view(index).files_with("pour")


def test_unsaved_text_counts_and_the_disk_again_when_it_is_closed(code: Code) -> None:
    code.write(FILES)
    path = code.root / "a.py"
    with code.index() as index:
        index.build()
        before = code.view(index)
        code.workspace.apply(SetBuffer(path=path, text="def unsaved(): ...\n", version=1))
        view = code.view(index)
        assert names_found(view, "unsaved") == ["a.py:unsaved"]
        assert names_found(view, "brew") == []
        assert view.files_with("pour") == ("pkg/b.py",)
        assert view.document("a.py").text == "def unsaved(): ...\n"
        assert view.revision != before.revision
        code.workspace.apply(CloseBuffer(path))
        after = code.view(index)
        assert after.revision == before.revision
        assert names_found(after, "brew") == ["a.py:brew"]


def test_proposals_add_and_remove_files(code: Code) -> None:
    code.write(FILES)
    base = digest_of(FILES["a.py"])
    changes = ChangeSet(
        label="p",
        files=(
            CreateFile(path=code.root / "c.py", text="def proposed(): ...\n"),
            DeleteFile(path=code.root / "a.py", base=base),
        ),
    )
    code.workspace.apply(Hold(proposal_id="p", changes=changes))
    with code.index() as index:
        index.build()
        view = code.view(index, "p")
        assert view.files() == ("c.py", "pkg/__init__.py", "pkg/b.py")
        assert names_found(view, "proposed") == ["c.py:proposed"]
        assert view.files_with("pour") == ("pkg/b.py",)
        assert view.digest("a.py") is None
        assert code.view(index).files_with("pour") == ("a.py", "pkg/b.py")


def test_unsaved_text_of_an_ignored_file_is_no_part_of_it(code: Code) -> None:
    code.write({**FILES, ".gitignore": "*.local.py\n"})
    path = code.root / "x.local.py"
    code.workspace.apply(SetBuffer(path=path, text="pour = 1\n", version=1))
    with code.index() as index:
        assert code.view(index).files_with("pour") == ("a.py", "pkg/b.py")


def test_equal_states_have_equal_revisions_and_others_do_not(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        assert code.view(index).revision == code.view(index).revision
        old = code.view(index).revision
        code.write({"a.py": "x = 1\n"})
        index.changed([code.root / "a.py"])
        assert code.view(index).revision != old


def test_reading_what_waits_and_opening_it_are_no_news(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        before = code.view(index).revision
        index.build()
        assert code.view(index).revision == before
        code.workspace.apply(SetBuffer(path=code.root / "a.py", text=FILES["a.py"], version=1))
        assert code.view(index).revision == before
        code.workspace.apply(SetBuffer(path=code.root / "a.py", text="x = 1\n", version=2))
        assert code.view(index).revision != before


def test_files_that_only_define_a_name_are_told_apart(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        view = code.view(index)
        assert view.files_with("pour") == ("a.py", "pkg/b.py")
        assert list(view.files_using("pour")) == ["a.py"]
        code.write({"pkg/b.py": "def pour(): ...\npour()\n"})
        assert list(code.view(index).files_using("pour")) == ["a.py", "pkg/b.py"]


def test_an_open_document_counts_as_it_is_shown(code: Code) -> None:
    code.write(FILES)
    path, text = code.root / "pkg" / "b.py", FILES["pkg/b.py"]
    with code.index() as index:
        index.build()
        code.workspace.apply(SetBuffer(path=path, text=text, version=1))
        code.write({"pkg/b.py": "x = 1\n"})
        view = code.view(index)
        assert view.files_with("pour") == ("a.py", "pkg/b.py")
        assert list(view.files_using("pour")) == ["a.py"]
        assert names_found(view, "pour") == ["pkg/b.py:pour"]
        code.workspace.apply(SetBuffer(path=path, text=f"{text}pour()\n", version=2))
        view = code.view(index)
        assert list(view.files_using("pour")) == ["a.py", "pkg/b.py"]
        assert names_found(view, "pour") == ["pkg/b.py:pour"]


def test_facts_are_at_hand_once_they_were_asked_for(code: Code) -> None:
    code.write(FILES)
    path, text = code.root / "pkg" / "b.py", FILES["pkg/b.py"]
    code.workspace.apply(SetBuffer(path=path, text=f"{text}pour()\n", version=1))
    document = code.workspace.buffer(path)
    assert document is not None
    with code.index() as index:
        assert index.facts_at_hand(document) is None
        facts = code.view(index).facts("pkg/b.py")
        assert facts is not None
        assert index.facts_at_hand(document) is facts


def test_files_that_cannot_be_known_are_named_with_the_reason(code: Code) -> None:
    code.write({**FILES, "big.py": "x = 'pour'\n" * 100_000})
    (code.root / "latin.py").write_bytes(b"s = '\xe9'\n")
    os.symlink("a.py", code.root / "link.py")
    os.symlink(".", code.root / "loop")
    with code.index() as index:
        report = index.build()
        assert report.left_out == (
            LeftOut(file="big.py", reason="it has 1100000 bytes, more than the limit for source, "
                    "1000000"),
            LeftOut(file="latin.py", reason="'latin.py' is not UTF-8 (byte 5 is 0xe9); convert it "
                    "to UTF-8 first, it was left as it is"),
        )  # fmt: skip
        view = code.view(index)
        assert view.facts("big.py") is None
        assert view.files_with("pour") == ("a.py", "pkg/b.py")
        state = view.state()
        assert (state.n_files, state.n_indexed, state.left_out) == (5, 3, report.left_out)


def test_broken_code_is_known_as_far_as_it_can_be_read(code: Code) -> None:
    code.write({f"m{n}.py": "def whole(): ...\nclass (:\n" for n in range(4)})
    with code.index() as index:
        assert index.build().left_out == ()
        assert len(code.view(index).files_with("whole")) == 4


def test_a_file_that_vanishes_is_gone(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        view = code.view(index)
        (code.root / "a.py").unlink()
        assert view.files_with("pour") == ("pkg/b.py",)
        assert view.facts("a.py") is None
        with pytest.raises(NotFound):
            view.document("a.py")


def test_a_document_that_is_not_the_one_of_the_facts_is_refused(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        view = code.view(index)
        assert view.facts("a.py") is not None
        code.write({"a.py": "x = 1\n"})
        with pytest.raises(StaleEdit):
            view.document("a.py")


def test_a_file_changed_within_the_same_tick_of_the_clock_is_read_again(code: Code) -> None:
    code.write({"a.py": "one = 1\n"})
    with code.index() as index:
        index.build()
        status = os.stat(code.root / "a.py")
        now_ns = status.st_ctime_ns
        code.write({"a.py": "one = 1\n"}, at_ns=now_ns)
        index.build()
        with (code.root / "a.py").open("r+") as file:
            file.write("two")
        os.utime(code.root / "a.py", ns=(now_ns, now_ns))
        assert code.view(index).files_with("two") == ()  # nobody has looked at it yet
        assert code.view(index).digest("a.py") == digest_of("two = 1\n")
    with code.index() as index:
        assert code.view(index).digest("a.py") == digest_of("two = 1\n")


def test_queries_remember_over_views(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        first = code.view(index).memory.get("k", lambda: [1])
        assert code.view(index).memory.get("k", lambda: [2]) is first


def test_modules_outside_are_found_and_known(code: Code) -> None:
    code.write(FILES)
    site = code.root / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (site / "tool.py").write_text("def helper(): ...\n", encoding="utf-8")
    with code.index() as index:
        view = code.view(index)
        file = view.module_outside("tool")
        assert file is not None
        assert file == str(site / "tool.py")
        facts = view.facts(file)
        assert facts is not None
        assert "helper" in facts.names
        assert view.document(file).text == "def helper(): ...\n"
        os_stub = view.module_outside("os")
        assert os_stub is not None
        assert view.facts(os_stub) is not None
        assert view.facts("/etc/passwd.py") is None


def test_a_watched_index_follows_the_disk(code: Code) -> None:
    code.write(FILES)
    told = threading.Semaphore(0)
    heard: list[Path] = []

    def tell(paths: tuple[Path, ...]) -> None:
        heard.extend(paths)
        told.release()

    with code.index() as index:
        index.start(tell)
        index.start(tell)
        while not index.is_watched:
            threading.Event().wait(0.01)
        code.write({"brand/new/c.py": "pour = 1\n"})
        for _ in range(10):
            assert told.acquire(timeout=5)
            if "brand/new/c.py" in code.view(index).files():
                break
        assert "brand/new/c.py" in code.view(index).files_with("pour")


def test_without_a_database_everything_is_in_memory(code: Code) -> None:
    code.write(FILES)
    index = Index(code.root, None, n_workers=0)
    index.build()
    assert names_found(code.view(index), "pour") == ["pkg/b.py:pour"]
    assert not code.cache.exists()
    index.close()
