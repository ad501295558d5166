"""What a task says to the model: once in words, once as data."""

import json
from pathlib import Path

from lsp_agent.context.system_prompt import SYSTEM_PROMPT
from lsp_agent.context.task_prompt import (
    MAX_DIFF_CHARS,
    TASK_FENCE,
    ReviewNote,
    explain_prompt,
    fix_prompt,
    hunks_prompt,
    review_prompt,
    unmet_goal_prompt,
)
from mcp_tools.registry import discover
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.text import Span

TEXT = "x = '😀' + lenght\nprint(lenght)\n"
DOCUMENT = Document(path=Path("/project/src/ä.py"), text=TEXT)


def problem(start: int, *, source: str = "ruff", code: str | None = "F821") -> Diagnostic:
    span = Span(start, start + len("lenght"))
    message = "Undefined name `lenght`"
    return Diagnostic(path=DOCUMENT.path, span=span, message=message, source=source, code=code)


FIRST = problem(TEXT.index("lenght"))
SECOND = problem(TEXT.rindex("lenght"), source="lsp-agent", code=None)


def task_of(prompt: str) -> dict[str, object]:
    """Read the block of data at the end."""
    block = prompt.split(f"```{TASK_FENCE}\n")[1]
    return json.loads(block.removesuffix("\n```"))


def test_a_fix_names_place_rule_message_and_line() -> None:
    prompt = fix_prompt(DOCUMENT, "src/ä.py", [FIRST])
    assert prompt.startswith(
        "Fix this problem in src/ä.py:\n\n"
        "- src/ä.py:1:11: ruff [F821]: Undefined name `lenght`\n"
        "    x = '😀' + lenght\n\n"
    )
    assert "no longer reports it and" in prompt


def test_a_fix_of_several_problems_counts_them() -> None:
    prompt = fix_prompt(DOCUMENT, "src/ä.py", [FIRST, SECOND])
    assert prompt.startswith("Fix these 2 problems in src/ä.py:")
    assert "- src/ä.py:2:7: lsp-agent: Undefined name `lenght`\n" in prompt
    assert "no longer reports them and" in prompt


def test_places_in_the_data_count_code_points_from_one() -> None:
    assert task_of(fix_prompt(DOCUMENT, "src/ä.py", [FIRST])) == {
        "kind": "fix",
        "path": "src/ä.py",
        "deep": False,
        "diagnostics": [
            {
                "source": "ruff",
                "code": "F821",
                "message": "Undefined name `lenght`",
                "line": 1,
                "column": 11,
                "end_line": 1,
                "end_column": 17,
            }
        ],
    }


def test_a_problem_of_our_own_asks_for_the_deep_check() -> None:
    assert task_of(fix_prompt(DOCUMENT, "a", [FIRST, SECOND]))["deep"] is True


def test_an_explanation_asks_for_no_edit() -> None:
    prompt = explain_prompt(DOCUMENT, "src/ä.py", [FIRST])
    assert "Do not edit." in prompt
    assert task_of(prompt)["kind"] == "explain"


def test_a_long_line_is_shortened() -> None:
    document = Document(path=DOCUMENT.path, text="lenght" + "x" * 10_000)
    assert len(fix_prompt(document, "a", [problem(0)])) < 1000


def test_an_unmet_goal_is_told_in_its_own_words() -> None:
    assert "1 is left" in unmet_goal_prompt("1 is left")


DIFF = "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n"


def test_a_review_tells_each_comment_with_what_it_is_about() -> None:
    notes = [
        ReviewNote(subject="src/ä.py", diff=DIFF, text=" Why y?\n"),
        ReviewNote(subject="all of it", diff="", text="Nice\nwork"),
    ]
    prompt = review_prompt("Edit ä.py\nand more", "+all of it\n", notes)
    assert prompt.startswith("You proposed edits (Edit ä.py), and the developer has reviewed them.")
    assert "Change the proposal by these 2 comments:\n\n" in prompt
    assert f"1. On src/ä.py about\n```diff\n{DIFF}```\nWhy y?\n\n" in prompt
    assert "2. On all of it:\nNice\nwork\n\n" in prompt
    assert "```diff\n+all of it\n```" in prompt


def test_a_review_of_one_comment_counts_it() -> None:
    note = ReviewNote(subject="a", diff="", text="No")
    assert "Change the proposal by this comment:\n" in review_prompt("x", DIFF, [note])


def test_an_explanation_of_a_proposal_asks_for_no_edit() -> None:
    prompt = hunks_prompt("Edit a", DIFF)
    assert "Do not edit." in prompt
    assert prompt.endswith(f"```diff\n{DIFF}```")


def test_nothing_in_a_diff_ends_its_fence() -> None:
    prompt = hunks_prompt("x", "+```\n+````\n")
    assert prompt.endswith("`````diff\n+```\n+````\n`````")


def test_a_long_diff_is_cut_at_a_line_and_says_so() -> None:
    line = "+" + "x" * 98 + "\n"
    prompt = hunks_prompt("x", line * (MAX_DIFF_CHARS // 50))
    assert len(prompt) < MAX_DIFF_CHARS + 1000
    assert "x\n```\n[" in prompt
    assert prompt.endswith("more characters were left out; read the files]")
    one_line = hunks_prompt("x", "+" * (MAX_DIFF_CHARS + 5))
    assert "+\n```\n[5 more characters" in one_line


def test_the_system_prompt_names_only_tools_that_there_are() -> None:
    names = {tool.name for tool in discover()}
    assert {"read_file", "edit_file", "multi_edit", "write_file", "diagnostics"} <= names
    mentioned = {w.strip(".,:;()") for w in SYSTEM_PROMPT.split() if "_" in w}
    assert mentioned <= names
