"""Problems in a file, as a model sees them."""

import pytest

from mcp_tools.tools.diagnostics import MAX_DIAGNOSTICS, TOOL, DiagnosticsOutput
from mcp_tools.types.errors import NotFound, NotText
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio

SETTINGS = '[lint]\nselect = ["F"]\n'


async def test_problems_come_with_place_and_fix(desk: Desk) -> None:
    desk.write("ruff.toml", SETTINGS)
    desk.write("a.py", "# 😀\r\nimport os\r\n'😀'; missing\r\n")
    answer = await desk.call(TOOL, path="a.py")
    assert answer.text == (
        "a.py: 2 problems\n"
        "2:8 warning ruff F401: `os` imported but unused [safe fix: Remove unused import: `os`]\n"
        "3:6 error ruff F821: Undefined name `missing`"
    )
    data = data_of(answer, DiagnosticsOutput)
    unused, undefined = data.diagnostics
    assert (undefined.line, undefined.column, undefined.end_column) == (3, 6, 13)
    assert (undefined.start_offset, undefined.end_offset) == (21, 28)
    assert unused.fix is not None
    assert [(e.start_offset, e.end_offset, e.new_text) for e in unused.fix.edits] == [(5, 16, "")]
    assert data.digest == desk.document("a.py").digest


async def test_unsaved_text_is_checked(desk: Desk) -> None:
    desk.write("a.py", "x = 1\n")
    desk.type_in_editor("a.py", "def f(:\n")
    answer = await desk.call(TOOL, path="a.py")
    assert answer.text.startswith("a.py: 1 problems\n1:7 error syntax syntax-error: invalid syntax")


async def test_deep_checks_find_misspelled_attributes(desk: Desk) -> None:
    desk.write("ruff.toml", SETTINGS)
    desk.write("a.py", "def f(s: str) -> str:\n    return s.uper()\n")
    assert (await desk.call(TOOL, path="a.py")).text == "a.py: no problems found"
    answer = await desk.call(TOOL, path="a.py", deep=True)
    assert answer.text.endswith(
        "2:14 error lsp-agent unknown-attribute: Unknown attribute 'uper' of 'str'; "
        "did you mean 'upper'? [unsafe fix: Change to 'upper']"
    )


async def test_a_range_of_lines_narrows_the_answer(desk: Desk) -> None:
    desk.write("ruff.toml", SETTINGS)
    desk.write("a.py", "one\ntwo\nthree\n")
    data = data_of(await desk.call(TOOL, path="a.py", start_line=2, end_line=2), DiagnosticsOutput)
    assert [item.line for item in data.diagnostics] == [2]
    with pytest.raises(NotFound, match="pass 1 to 4"):
        await desk.call(TOOL, path="a.py", start_line=9)
    with pytest.raises(NotFound, match="swap the two"):
        await desk.call(TOOL, path="a.py", start_line=3, end_line=2)


async def test_many_problems_are_counted_and_the_first_given(desk: Desk) -> None:
    desk.write("ruff.toml", SETTINGS)
    desk.write("a.py", "missing\n" * (MAX_DIAGNOSTICS + 5))
    answer = await desk.call(TOOL, path="a.py")
    data = data_of(answer, DiagnosticsOutput)
    assert (len(data.diagnostics), data.n_diagnostics) == (MAX_DIAGNOSTICS, MAX_DIAGNOSTICS + 5)
    assert answer.text.endswith("[5 more; narrow them with start_line and end_line]")


async def test_a_file_without_checker_says_so(desk: Desk) -> None:
    desk.write("a.rs", "fn main() {}\n")
    answer = await desk.call(TOOL, path="a.rs")
    assert answer.text.startswith("a.rs was not checked: there is no checker for .rs files yet")
    assert not data_of(answer, DiagnosticsOutput).is_checked


async def test_a_file_of_five_megabytes_is_not_checked_but_answered(desk: Desk) -> None:
    desk.write("a.py", "x = 1\n" * 850_000)
    answer = await desk.call(TOOL, path="a.py")
    assert "only files of up to" in answer.text


async def test_what_is_no_text_is_an_error(desk: Desk) -> None:
    desk.write("a.py", b"\xff\xfe")
    with pytest.raises(NotText):
        await desk.call(TOOL, path="a.py")
