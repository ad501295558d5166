"""What is found in a document, by the parsers and by ruff."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mcp_tools.code.diagnostics.diagnose import (
    MAX_CHECKED_CHARS,
    Depth,
    Lines,
    diagnose,
    unchecked_reason,
)
from mcp_tools.types.diagnostics import Diagnostic, Severity
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.programs import Command, Completed
from mcp_tools.workspace.diffs import apply_edits
from mcp_tools.workspace.programs import BundledPrograms

pytestmark = pytest.mark.asyncio

CONFIGURED = '[lint]\nselect = ["F", "E711", "B006"]\n'


async def found(
    root: Path, text: str, *, name: str = "a.py", lines: Lines | None = None
) -> tuple[Diagnostic, ...]:
    document = Document(path=root / name, text=text)
    async with asyncio.timeout(5):
        return await diagnose(document, BundledPrograms(), root=root, lines=lines)


async def marked(root: Path, text: str, *, name: str = "a.py") -> list[tuple[str | None, str]]:
    """Give each rule with the text that it is about."""
    return [
        (item.code, text[item.span.start : item.span.end])
        for item in await found(root, text, name=name)
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project whose ruff has a short list of rules."""
    (tmp_path / "ruff.toml").write_text(CONFIGURED, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "before",
    [
        "",
        "x = '😀é'; ",
        "if 1:\n\t",
        "\x0c",
        "a = 1\n\x0c",
        "a = 1\r\n",
        "a = 1\r",
        "x = '\u2028\x85\x0b'; ",
        "x = '''\u2028\r\n😀'''; ",
        "x = 'e\u0301'; ",
    ],
)
async def test_ruff_s_places_are_exact_after_any_text(root: Path, before: str) -> None:
    assert await marked(root, f"{before}missing\n") == [("F821", "missing")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_fixes_come_as_edits_of_this_text(root: Path, newline: str) -> None:
    text = f"# 😀{newline}import os{newline}x = 1{newline}print('é', x == None){newline}"
    unused, comparison = await found(root, text)
    assert unused.fix is not None
    assert (unused.code, unused.fix.is_safe) == ("F401", True)
    assert apply_edits(text, unused.fix.edits) == text.replace(f"import os{newline}", "")
    assert comparison.fix is not None
    assert (comparison.code, comparison.fix.is_safe) == ("E711", False)
    assert apply_edits(text, comparison.fix.edits) == text.replace("==", "is")


async def test_a_python_syntax_error_is_the_compiler_s_alone(root: Path) -> None:
    text = "x = 1\ny = '😀' + foo bar\ndef f(:\n"
    first = (await found(root, text))[0]
    assert (first.source, first.severity) == ("syntax", Severity.ERROR)
    assert text[first.span.start : first.span.end] == "bar"
    assert "invalid syntax" in first.message
    assert [d.source for d in await found(root, text)].count("syntax") == 1
    assert not [d for d in await found(root, text) if d.code == "invalid-syntax"]


@pytest.mark.parametrize("text", ["def f(:\n", "x = (", "'abc", "if x:\n", "x = 1\n  y\n", "a\0b"])
async def test_every_syntax_error_has_a_place_in_the_text(root: Path, text: str) -> None:
    errors = [d for d in await found(root, text) if d.severity is Severity.ERROR]
    assert errors
    assert all(0 <= d.span.start <= d.span.end <= len(text) for d in errors)


async def test_syntax_for_a_newer_python_is_no_error_and_for_an_older_one_is(root: Path) -> None:
    newer = "type Alias = int\n\n\ndef f[T](x: T) -> T:\n    return x\n"
    assert await found(root, newer) == ()
    (root / "ruff.toml").write_text(f'target-version = "py38"\n{CONFIGURED}', encoding="utf-8")
    (error,) = await found(root, "match 1:\n    case 1:\n        pass\n")
    assert (error.source, error.code) == ("ruff", "invalid-syntax")


async def test_likely_bugs_are_found_beside_the_project_s_own_rules(root: Path) -> None:
    (root / "ruff.toml").write_text('[lint]\nselect = ["W"]\n', encoding="utf-8")
    text = "def f(a=[]):\n    return a == None, missing \n"
    assert [code for code, _ in await marked(root, text)] == ["B006", "E711", "F821", "W291"]


@pytest.mark.parametrize("is_saved", [True, False])
async def test_what_the_project_switches_off_stays_off(root: Path, *, is_saved: bool) -> None:
    settings = '[lint]\nselect = ["E", "F"]\nignore = ["E711", "F401"]\n'
    (root / "ruff.toml").write_text(settings, encoding="utf-8")
    text = "import os\n\nx = missing == None\n"
    if is_saved:
        (root / "a.py").write_text("", encoding="utf-8")
    else:
        # Ruff tells its settings only for files that are there.
        (root / "other.py").write_text("", encoding="utf-8")
    assert await marked(root, text) == [("F821", "missing")]


async def test_per_file_ignores_and_noqa_count(root: Path) -> None:
    settings = '[lint.per-file-ignores]\n"a.py" = ["F401"]\n'
    (root / "ruff.toml").write_text(CONFIGURED + settings, encoding="utf-8")
    assert await marked(root, "import os\nmissing  # noqa: F821\n") == []


async def test_a_file_that_is_excluded_is_checked_when_asked_for(root: Path) -> None:
    settings = 'exclude = ["a.py"]\nforce-exclude = true\nfix = true\n' + CONFIGURED
    (root / "ruff.toml").write_text(settings, encoding="utf-8")
    assert await marked(root, "import os\n") == [("F401", "os")]


async def test_a_string_that_lacks_its_f_is_found(root: Path) -> None:
    text = 'name = 1\nprint("hello {name}")\nprint(f"hello {name}", "{other}")\n'
    (item,) = await found(root, text)
    assert item.code == "RUF027"
    assert item.fix is not None
    assert apply_edits(text, item.fix.edits) == text.replace('print("', 'print(f"')


async def test_a_broken_configuration_is_reported_and_defaults_count(root: Path) -> None:
    (root / "ruff.toml").write_text("bad = [\n", encoding="utf-8")
    note, *others = await found(root, "missing\n")
    assert (note.code, note.severity) == ("ruff-configuration", Severity.INFORMATION)
    assert "unclosed array" in note.message or "TOML parse error" in note.message
    assert "F821" in [item.code for item in others]


async def test_names_are_never_options(root: Path) -> None:
    assert await marked(root, "missing\n", name="-o.py") == [("F821", "missing")]


@pytest.mark.parametrize(
    ("name", "text", "marked_text", "message"),
    [
        ("a.json", '{"😀": 1,\r\n "b": tru}', "t", "Expecting value"),
        ("a.json", '{"a": 1', "", "delimiter"),
        ("a.toml", 'a = "😀"\r\nb = ?\r\n', "?", "Invalid value"),
        ("a.toml", "a = [1,", "", ""),
    ],
)
async def test_data_files_are_checked_by_their_parsers(
    root: Path, name: str, text: str, marked_text: str, message: str
) -> None:
    (item,) = await found(root, text, name=name)
    assert text[item.span.start : item.span.end] == marked_text
    assert (item.source, item.severity) == ("syntax", Severity.ERROR)
    assert message in item.message
    assert "(at" not in item.message


async def test_good_data_files_have_no_problems(root: Path) -> None:
    assert await found(root, '{"a": [1]}', name="a.json") == ()
    assert await found(root, "a = 1\n", name="a.toml") == ()
    assert await found(root, "[" * 100_000, name="deep.json") == ()


async def test_only_problems_that_touch_the_lines_are_given(root: Path) -> None:
    text = "one\ntwo\nthree\n"
    for lines, names in (((2, 2), ["two"]), ((2, 9), ["two", "three"]), ((7, 9), [])):
        items = await found(root, text, lines=lines)
        assert [text[d.span.start : d.span.end] for d in items if d.code == "F821"] == names


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.rs", "fn", "no checker for .rs files"),
        ("Makefile", "", "files without a suffix"),
        ("tsconfig.json", "// a", "may have comments"),
        ("a.py", "x\n" * (MAX_CHECKED_CHARS // 2 + 1), "only files of up to 2000000"),
    ],
)
async def test_what_is_not_checked_has_a_reason(
    root: Path, name: str, text: str, reason: str
) -> None:
    document = Document(path=root / name, text=text)
    assert reason in str(unchecked_reason(document))
    assert await found(root, text, name=name) == ()


async def test_output_that_is_not_ruff_s_is_an_error(root: Path) -> None:
    class Strange:
        """A ruff that prints something else."""

        async def run(self, command: Command) -> Completed:
            return Completed(exit_code=0, stdout="<html>", stderr="")

    document = Document(path=root / "a.py", text="x = 1\n")
    with pytest.raises(ProgramFailed, match="expected a JSON list from ruff, got: <html>"):
        await diagnose(document, Strange(), root=root)


async def test_deep_checks_are_only_made_when_asked_for(root: Path) -> None:
    text = "def f(s: str) -> int:\n    print(s.uper())\n"
    document = Document(path=root / "a.py", text=text)
    quick = await diagnose(document, BundledPrograms(), root=root)
    deep = await diagnose(document, BundledPrograms(), root=root, depth=Depth.DEEP)
    assert quick == ()
    assert [d.code for d in deep] == ["missing-return", "unknown-attribute"]


async def test_jedi_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, mcp_tools.tools.diagnostics; print('jedi' in sys.modules)"
    completed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        timeout=5,
        check=True,
    )
    assert re.fullmatch(rb"False\s*", completed.stdout)


@pytest.mark.parametrize("setting", ["fix-only = true", "fix = true\nshow-fixes = true"])
async def test_a_project_that_fixes_by_itself_is_checked_all_the_same(
    root: Path, setting: str
) -> None:
    (root / "ruff.toml").write_text(f"{setting}\n{CONFIGURED}", encoding="utf-8")
    assert await marked(root, "import os\n") == [("F401", "os")]
