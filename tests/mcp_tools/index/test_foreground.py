"""Giving way to questions."""

import threading
import time

from mcp_tools.index.foreground import QUIET_S, Foreground


def test_nobody_waits_when_nobody_has_asked() -> None:
    started = time.monotonic()
    Foreground().give_way()
    assert time.monotonic() - started < QUIET_S


def test_work_waits_until_it_was_quiet_for_a_while() -> None:
    foreground = Foreground()
    foreground.note()
    started = time.monotonic()
    foreground.give_way()
    assert time.monotonic() - started >= QUIET_S * 0.9


def test_cancelled_work_does_not_wait() -> None:
    foreground, cancel = Foreground(), threading.Event()
    foreground.note()
    cancel.set()
    started = time.monotonic()
    foreground.give_way(cancel)
    assert time.monotonic() - started < QUIET_S


def test_work_waits_as_long_as_an_answer_takes() -> None:
    foreground, waited = Foreground(), threading.Event()

    def work() -> None:
        foreground.give_way()
        waited.set()

    with foreground.at_work():
        thread = threading.Thread(target=work)
        thread.start()
        assert not waited.wait(1.2 * QUIET_S)
    assert waited.wait(5)
    thread.join()
