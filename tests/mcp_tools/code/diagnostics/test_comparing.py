"""Which problems are the same before and after an edit."""

from pathlib import Path

from mcp_tools.code.diagnostics.comparing import count, new_problems
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.text import Span


def problem(message: str, source: str = "ruff", start: int = 0) -> Diagnostic:
    span = Span(start, start + 1)
    return Diagnostic(path=Path("a.py"), span=span, message=message, source=source)


def test_a_problem_that_moved_is_not_new() -> None:
    before = [problem("Redefinition of unused `x` from line 3", start=9)]
    after = [problem("Redefinition of unused `x` from line 4", start=20)]
    assert not new_problems(count(before), count(after))


def test_one_more_of_the_same_is_new() -> None:
    new = new_problems(count([problem("x")]), count([problem("x"), problem("x", start=5)]))
    assert new.total() == 1


def test_what_a_syntax_error_was_hiding_is_not_new_but_another_syntax_error_is() -> None:
    before = count([problem("no parse", "syntax")])
    assert not new_problems(before, count([problem("Undefined name `x`")]))
    assert new_problems(before, count([problem("worse", "syntax")]))
