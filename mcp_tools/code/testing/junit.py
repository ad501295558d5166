"""Reading the report that pytest and others write: JUnit's XML, with files and lines."""

import re
from xml.etree import ElementTree

from mcp_tools.code.testing.outcome import Failure, Outcome
from mcp_tools.code.testing.traces import own_place, short_message, short_trace

MAX_REPORT_BYTES = 32 * 1024 * 1024

_EMPTY_MESSAGES = ("", "collection failure")
_SAID = re.compile(r"^E +(.+)$", re.M)
_PLACE = re.compile(r"^(\S[^\n:]*):(\d+): ", re.M)


def read_junit(report: bytes) -> Outcome | None:
    """Give what a report tells; None if it cannot be read.

    Files and lines are those of pytest's family `xunit1`.
    Source: pytest, junitxml.py; the schema is that of Jenkins' xUnit plug-in.
    """
    if len(report) > MAX_REPORT_BYTES:
        return None
    try:
        cases = list(ElementTree.fromstring(report).iter("testcase"))
    except ElementTree.ParseError:
        return None
    failed = [case for case in cases if case.find("failure") is not None]
    broken = [case for case in cases if case not in failed and case.find("error") is not None]
    n_skipped = sum(case.find("skipped") is not None for case in cases)
    return Outcome(
        n_passed=len(cases) - len(failed) - len(broken) - n_skipped,
        n_failed=len(failed),
        n_errors=len(broken),
        n_skipped=n_skipped,
        failures=tuple(_failure(case) for case in (*failed, *broken)),
    )


def _failure(case: ElementTree.Element) -> Failure:
    failure = case.find("failure")
    found = case.find("error") if failure is None else failure
    assert found is not None
    trace = found.text or ""
    file, line = own_place(_PLACE.findall(trace))
    if not file:
        file, line = case.get("file", ""), _line_of(case)
    return Failure(
        name=_name(case),
        message=short_message(_message(found)),
        file=file,
        line=line,
        trace=short_trace(trace),
    )


def _message(found: ElementTree.Element) -> str:
    message = found.get("message", "")
    said = _SAID.findall(found.text or "")
    return said[-1] if said and message in _EMPTY_MESSAGES else message


def _line_of(case: ElementTree.Element) -> int | None:
    line = case.get("line", "")
    return int(line) + 1 if line.isdecimal() else None


def _name(case: ElementTree.Element) -> str:
    """Give the name by which pytest would run it again."""
    name, file = case.get("name", ""), case.get("file", "")
    module = file.removesuffix(".py").replace("/", ".")
    if not file or name == module:
        return file or name  # not a test, but a file that cannot be read
    inner = case.get("classname", "").removeprefix(module).strip(".")
    return "::".join([file, *filter(None, inner.split(".")), name])
