"""The log on disk: private, shared by processes, mended, and put aside when it is large."""

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from lsp_agent.audit.log import HEAD_NAME, LOG_NAME, MAX_OLD_FILES, AuditLog
from mcp_tools.types.errors import JournalFailed
from mcp_tools.types.json import JsonObject


def entry(number: int) -> JsonObject:
    return {"kind": "call", "what": number}


def whats(log: AuditLog) -> list[object]:
    """Give what the lines are about, and see that the chain holds."""
    texts, found = log.check()
    assert found == []
    return [json.loads(text).get("what") for text in texts]


def test_what_is_added_is_there_in_order_and_for_nobody_else(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "state" / "audit")
    assert log.check() == ((), ())
    log.append([entry(1), entry(2)])
    log.append([entry(3)])
    assert whats(log) == [1, 2, 3]
    for path in (tmp_path / "state" / "audit").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state" / "audit").stat().st_mode) == 0o700


def test_a_line_that_was_torn_is_cut_off_and_that_is_told(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    log.append([entry(1)])
    with (tmp_path / LOG_NAME).open("a", encoding="utf-8") as file:
        file.write('{"kind":"ca')
    AuditLog(tmp_path).append([entry(2)])
    texts, found = log.check()
    assert found == []
    lines = [json.loads(text) for text in texts]
    assert [line["kind"] for line in lines] == ["call", "mended", "call"]
    assert lines[1]["n_torn_bytes"] == len('{"kind":"ca')


def test_a_file_with_nothing_but_half_a_line_is_mended(tmp_path: Path) -> None:
    (tmp_path / LOG_NAME).write_text("{", encoding="utf-8")
    log = AuditLog(tmp_path)
    log.append([entry(1)])
    assert whats(log) == [None, 1]


def test_a_large_file_is_put_aside_and_the_chain_goes_on(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, max_file_bytes=600)
    for i in range(20):
        log.append([entry(i)])
    assert len(list(tmp_path.glob("calls-*.jsonl"))) > 2
    assert whats(log) == list(range(20))


def test_the_oldest_files_are_removed_and_the_rest_is_whole(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, max_file_bytes=1)
    for i in range(MAX_OLD_FILES + 5):
        log.append([entry(i)])
    assert whats(log) == list(range(5, MAX_OLD_FILES + 5))


def test_lines_after_a_change_are_written_and_the_change_is_found(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    log.append([entry(1), entry(2)])
    path = tmp_path / LOG_NAME
    path.write_text(path.read_text(encoding="utf-8").replace('"what":2', '"what":9'), "utf-8")
    log.append([entry(3)])
    _, found = log.check()
    assert [item.line for item in found] == [2]


@pytest.mark.parametrize("what", ["everything", "the head"])
def test_a_log_that_was_removed_is_found(tmp_path: Path, what: str) -> None:
    log = AuditLog(tmp_path)
    log.append([entry(1)])
    (tmp_path / (LOG_NAME if what == "everything" else HEAD_NAME)).unlink()
    assert log.check()[1]
    log.append([entry(2)])
    if what == "everything":
        (found,) = log.check()[1]
        assert found.reason == "1 lines before it are missing"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("", encoding="utf-8")
    folder = tmp_path / "audit"
    folder.mkdir()
    (folder / LOG_NAME).symlink_to(target)
    with pytest.raises(JournalFailed, match="a link, which is not followed"):
        AuditLog(folder).append([entry(1)])
    assert target.read_text(encoding="utf-8") == ""


def test_several_processes_add_to_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add, args=(tmp_path, start)) for start in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20)
        assert process.exitcode == 0
    assert sorted(map(str, whats(AuditLog(tmp_path)))) == sorted(
        str(start + i) for start in (0, 100) for i in range(30)
    )


def _add(folder: Path, start: int) -> None:
    log = AuditLog(folder)
    for i in range(30):
        log.append([entry(start + i)])
