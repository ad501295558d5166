"""Reading pytest's report."""

import pytest

from mcp_tools.code.testing.junit import MAX_REPORT_BYTES, read_junit
from mcp_tools.code.testing.outcome import Failure

REPORT = b"""<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" tests="5">
<testcase classname="tests.test_a" name="test_good" file="tests/test_a.py" line="0" time="0.1"/>
<testcase classname="tests.test_a.TestB" name="test_bad[1-x]" file="tests/test_a.py" line="11">
<failure message="AssertionError: assert 1 == 2&#10;  +  where 1 = f()">tests/test_a.py:14: in x
    check(1)
src/a.py:3: in check
    assert 1 == 2
E   AssertionError: assert 1 == 2
/usr/lib/python3.11/site-packages/x.py:9: in deep
    pass</failure></testcase>
<testcase classname="tests.test_a" name="test_later" file="tests/test_a.py" line="20">
<skipped type="pytest.skip" message="later"/></testcase>
<testcase classname="tests.test_a" name="test_setup" file="tests/test_a.py" line="30">
<error message="failed on setup with &quot;KeyError: 'x'&quot;">no place</error></testcase>
<testcase classname="" name="tests.test_broken" file="tests/test_broken.py" line="">
<error message="collection failure">tests/test_broken.py:1: in &lt;module&gt;
    import nothing
E   ModuleNotFoundError: No module named 'nothing'</error></testcase>
</testsuite></testsuites>"""


def test_counts_and_failures_are_read() -> None:
    outcome = read_junit(REPORT)
    assert outcome is not None
    counts = (outcome.n_passed, outcome.n_failed, outcome.n_errors, outcome.n_skipped)
    assert counts == (1, 1, 2, 1)
    places = [(each.name, each.file, each.line) for each in outcome.failures]
    assert places == [
        ("tests/test_a.py::TestB::test_bad[1-x]", "src/a.py", 3),
        ("tests/test_a.py::test_setup", "tests/test_a.py", 31),
        ("tests/test_broken.py", "tests/test_broken.py", 1),
    ]
    messages = [each.message for each in outcome.failures]
    assert messages == [
        "AssertionError: assert 1 == 2 + where 1 = f()",
        "failed on setup with \"KeyError: 'x'\"",
        "ModuleNotFoundError: No module named 'nothing'",
    ]
    assert outcome.failures[1] == Failure(
        name="tests/test_a.py::test_setup",
        message=messages[1],
        file="tests/test_a.py",
        line=31,
        trace="no place",
    )


@pytest.mark.parametrize(
    "report",
    [b"", b"<testsuites>", b"not xml", b"\xff\xfe", b"<a/>" * 2, b" " * (MAX_REPORT_BYTES + 1)],
)
def test_what_is_no_report_is_none(report: bytes) -> None:
    assert read_junit(report) is None


def test_an_empty_report_has_no_tests() -> None:
    outcome = read_junit(b"<testsuites/>")
    assert outcome is not None
    assert (outcome.n_passed, outcome.failures) == (0, ())


def test_entities_do_not_multiply() -> None:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "{"x" * 100}">{inner}]><x><testcase name="&a11;"/></x>'
    assert read_junit(bomb.encode()) is None
