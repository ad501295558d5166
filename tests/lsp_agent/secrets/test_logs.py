"""Logs: no record that any logger makes has a credential."""

import io
import logging
from collections.abc import Generator

import pytest

from lsp_agent.secrets.logs import hidden_in_logs
from tests.lsp_agent.secrets.made_up import CREDENTIALS, random_word

TOKEN = CREDENTIALS["GitHub token"]
HIDDEN = "[hidden: GitHub token #"


@pytest.fixture
def out() -> Generator[io.StringIO]:
    """What a handler of a library writes while logs are hidden."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("some.library")
    logger.addHandler(handler)
    with hidden_in_logs():
        yield stream
    logger.removeHandler(handler)


def test_words_and_arguments_are_hidden(out: io.StringIO) -> None:
    logging.getLogger("some.library").warning("with %s and %r", TOKEN, {"a": TOKEN})
    assert out.getvalue().count(HIDDEN) == 2
    assert TOKEN not in out.getvalue()


def test_tracebacks_are_hidden(out: io.StringIO) -> None:
    try:
        raise ValueError(f"no {TOKEN}")
    except ValueError:
        logging.getLogger("some.library").exception("failed", stack_info=True)
    assert "Traceback" in out.getvalue()
    assert HIDDEN in out.getvalue()
    assert TOKEN not in out.getvalue()


def test_values_of_the_environment_are_hidden(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = random_word(9, seed="environment")
    monkeypatch.setenv("SHOP_PASSWORD", value)
    logging.getLogger("some.library").error("it was %s", value)
    assert out.getvalue().startswith("it was [hidden: value of SHOP_PASSWORD #")


def test_arguments_that_do_not_fit_are_no_reason_to_fail(out: io.StringIO) -> None:
    logging.getLogger("some.library").error("%d", TOKEN)
    assert TOKEN not in out.getvalue()
    assert "do not fit" in out.getvalue()


def test_afterwards_records_are_made_as_before() -> None:
    before = logging.getLogRecordFactory()
    with hidden_in_logs():
        assert logging.getLogRecordFactory() is not before
    assert logging.getLogRecordFactory() is before
