"""`lsp-agent callpath`: how one function comes to call another."""

from pathlib import Path

from tests.lsp_agent.cli.code import answer, code_program, lines


def test_the_way_is_told_step_by_step(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    assert lines(program, "callpath", "main", "tax") == [
        "2 calls on the way",
        "bills.py:12:5 main",
        "bills.py:8:5 fee <- bills.py:13:22 return bill(1) + fee()",
        "prices.py:4:5 tax <- bills.py:9:12 return tax(1) + tax(2)",
    ]
    shown = answer(program, "callpath", "main", "tax")
    assert [step["symbol"]["name_path"] for step in shown["steps"]] == ["main", "fee", "tax"]
    assert shown["is_complete"]


def test_no_way_is_an_answer(tmp_path: Path) -> None:
    shown = answer(code_program(tmp_path), "callpath", "tax", "main")
    assert (shown["steps"], shown["is_complete"]) == ([], True)
    assert "no way" in shown["text"]
