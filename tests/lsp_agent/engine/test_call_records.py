"""What the last calls of a session gave, bounded in number and size."""

from lsp_agent.engine.call_records import (
    MAX_ALL_CHARS,
    MAX_CALLS,
    MAX_OUTPUT_CHARS,
    CallRecords,
)
from mcp_tools.types.calls import ToolResult


def result(call_id: str, text: str = "text", *, is_error: bool = False) -> ToolResult:
    return ToolResult(call_id=call_id, name="it", text=text, is_error=is_error)


def test_the_newest_comes_first() -> None:
    records = CallRecords()
    assert records.all() == ()
    assert records.keep(result("a")) == "session://output/a"
    records.keep(result("b", is_error=True))
    assert [(r.id, r.tool, r.is_error, r.output) for r in records.all()] == [
        ("b", "it", True, "text"),
        ("a", "it", False, "text"),
    ]


def test_the_oldest_are_forgotten() -> None:
    records = CallRecords()
    for i in range(MAX_CALLS + 5):
        records.keep(result(str(i)))
    assert len(records.all()) == MAX_CALLS
    assert records.all()[-1].id == "5"


def test_all_together_have_a_limit() -> None:
    records = CallRecords()
    large = "x" * (MAX_OUTPUT_CHARS - 1)
    for i in range(10):
        records.keep(result(str(i), large))
    assert sum(len(record.output) for record in records.all()) <= MAX_ALL_CHARS
    assert records.all()[0].id == "9"


def test_one_that_is_too_long_is_cut_and_says_so() -> None:
    records = CallRecords()
    records.keep(result("a", "x" * (MAX_OUTPUT_CHARS + 7)))
    assert records.all()[0].output.endswith("x\n[7 more characters]")


def test_the_same_call_is_kept_once() -> None:
    records = CallRecords()
    records.keep(result("a", "old"))
    records.keep(result("a", "new"))
    assert [record.output for record in records.all()] == ["new"]
