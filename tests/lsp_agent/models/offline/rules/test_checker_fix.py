"""Repairs that the checker offers."""

from lsp_agent.models.offline.problem import Problem
from mcp_tools.types.diagnostics import SuggestedFix
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span
from tests.lsp_agent.models.offline.rules.checking import check, problem, refuse, with_fix


def _unused(others: tuple[str, ...] = ()) -> Problem:
    text = f"def f():\n    total = 1\n    return {others[0] if others else 2}\n"
    marked = text.replace("total", "<<total>>", 1)
    start = text.index("    total")
    edit = TextEdit(Span(start, text.index("\n", start) + 1), "")
    fix = SuggestedFix(title="Remove it", is_safe=False, edits=(edit,))
    return with_fix(problem(marked, "F841"), fix)


def test_the_checkers_own_fix_is_used() -> None:
    check("checker_fix", _unused(), "def f():\n    return 2\n")


def test_what_is_only_misspelled_where_it_is_used_is_not_removed() -> None:
    one = _unused(("totl",))
    start = one.text.index("totl\n")
    other = problem(one.text[:start] + "<<totl>>\n", "F821").diagnostic
    refuse(
        "checker_fix",
        Problem(path="a.py", text=one.text, diagnostic=one.diagnostic, others=(other,)),
    )


def test_an_unsafe_fix_of_another_rule_is_refused() -> None:
    fix = SuggestedFix(title="Do it", is_safe=False, edits=(TextEdit(Span(0, 1), "y"),))
    refuse("checker_fix", with_fix(problem("<<x>>\n", "XYZ123"), fix))
