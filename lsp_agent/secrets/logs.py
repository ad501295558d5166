"""Hiding credentials in all that is logged, by whatever logger and handler."""

import importlib
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

_CONFIGURED = "lsp_agent.secrets.configured"


@contextmanager
def hidden_in_logs() -> Generator[None]:
    """Have every record of this process made without credentials; the old way comes back after.

    Records are made in one place, and handed to handlers in many: libraries bring their own.
    """
    usual = logging.getLogRecordFactory()
    hides: list[Callable[[str], str]] = []

    def hide(text: str) -> str:
        # With the first record only: the start of the language server does not wait for it.
        if not hides:
            hides.append(importlib.import_module(_CONFIGURED).redactor_for_logs().hide)
        return hides[0](text)

    def make(*args: Any, **fields: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging has it
        return without_secrets(usual(*args, **fields), hide)

    logging.setLogRecordFactory(make)
    try:
        yield
    finally:
        logging.setLogRecordFactory(usual)


def without_secrets(record: logging.LogRecord, hide: Callable[[str], str]) -> logging.LogRecord:
    """Hide credentials in the words of a record, and in its traceback."""
    record.msg, record.args = hide(_message(record)), None
    if record.exc_info:
        record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        record.exc_info = None
    if record.stack_info:
        record.stack_info = hide(record.stack_info)
    return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A format that its arguments do not fit: a mistake in the program, and no reason to fail.
        return f"{record.msg} (its arguments do not fit)"
