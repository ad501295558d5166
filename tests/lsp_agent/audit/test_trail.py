"""Writing beside the work: nothing waits, nothing fails, nothing is left running."""

import json
import logging
import shutil
import threading
from pathlib import Path

import pytest

from lsp_agent.audit.log import AuditLog
from lsp_agent.audit.trail import AuditTrail
from mcp_tools.types.json import JsonObject


def lines(folder: Path) -> list[JsonObject]:
    """Give the lines, and see that they are whole."""
    texts, found = AuditLog(folder).check()
    assert found == []
    return [json.loads(text) for text in texts]


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_what_was_noted_is_written_at_the_end_at_the_latest(tmp_path: Path) -> None:
    trail = AuditTrail(AuditLog(tmp_path / "audit"))
    for i in range(2000):
        trail.note({"kind": "call", "what": i}, {"secret": "hunter2", "i": i % 2})
    trail.close()
    found = lines(tmp_path / "audit")
    assert [line["what"] for line in found] == list(range(2000))
    assert len({str(line["arguments"]) for line in found}) == 2
    assert "hunter2" not in (tmp_path / "audit" / "calls.jsonl").read_text(encoding="utf-8")
    assert str(found[0]["at"]).endswith("+00:00")


def test_nothing_runs_before_the_first_note_or_after_the_end(tmp_path: Path) -> None:
    before = names()
    trail = AuditTrail(AuditLog(tmp_path / "audit"))
    assert names() == before
    trail.close()
    trail.close()
    assert not (tmp_path / "audit").exists()
    trail = AuditTrail(AuditLog(tmp_path / "audit"))
    trail.note({"kind": "call"}, {})
    trail.close()
    assert names() == before
    trail.note({"kind": "call"}, {})
    assert len(lines(tmp_path / "audit")) == 1


def test_the_order_of_arguments_does_not_matter(tmp_path: Path) -> None:
    trail = AuditTrail(AuditLog(tmp_path))
    trail.note({}, {"a": 1, "b": "\ud800"})
    trail.note({}, {"b": "\ud800", "a": 1})
    trail.close()
    first, second = lines(tmp_path)
    assert first["arguments"] == second["arguments"]


def test_all_that_is_written_is_ascii_and_holds_whatever_it_says(tmp_path: Path) -> None:
    said = ["plain", "über \u2028", "\ud800", "\x1b\x7f", 2**70, 1.5]
    trail = AuditTrail(AuditLog(tmp_path))
    for what in said:
        trail.note({"what": what}, {"it": what})
    trail.close()
    assert [line["what"] for line in lines(tmp_path)] == said
    assert (tmp_path / "calls.jsonl").read_bytes().isascii()


class Failing(AuditLog):
    """A log on a disk that is full for some time."""

    is_full = True
    written = threading.Event()
    tried = threading.Event()

    def append(self, entries: object) -> None:
        """Fail while the disk is full."""
        self.tried.set()
        if self.is_full:
            raise OSError(28, "No space left on device")
        super().append(entries)  # type: ignore[arg-type]  # as it came
        self.written.set()


def test_a_full_disk_is_logged_once_and_what_is_missing_is_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = Failing(tmp_path / "audit")
    trail = AuditTrail(log)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            log.tried.clear()
            trail.note({"kind": "call"}, {})
            assert log.tried.wait(5)
        log.is_full = False
        trail.note({"kind": "call", "what": "last"}, {})
        trail.close()
    assert caplog.text.count("cannot be written down") == 1
    lost, last = lines(tmp_path / "audit")
    assert (lost["kind"], lost["n_events"]) == ("lost", 3)
    assert last["what"] == "last"


def test_a_folder_that_goes_away_is_made_again(tmp_path: Path) -> None:
    trail = AuditTrail(AuditLog(tmp_path / "audit"))
    trail.note({"what": 1}, {})
    trail.close()
    shutil.rmtree(tmp_path / "audit")
    trail = AuditTrail(AuditLog(tmp_path / "audit"))
    trail.note({"what": 2}, {})
    trail.close()
    assert [line["what"] for line in lines(tmp_path / "audit")] == [2]
