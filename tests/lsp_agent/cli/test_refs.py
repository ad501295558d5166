"""`lsp-agent refs`: where a symbol is used."""

from pathlib import Path

import pytest

from tests.lsp_agent.cli.code import answer, code_program, lines


def test_uses_are_listed_without_an_index(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    expected = [
        "prices.py:4:5 tax: 4 uses in 2 files",
        "bills.py",
        " 1:27 import",
        " 9:12 [fee] return tax(1) + tax(2)",
        " 9:21 return tax(1) + tax(2)",
        "prices.py:13:30 [Price/total] return self.amount + tax(self.amount)",
    ]
    assert lines(program, "refs", "tax") == expected
    assert lines(program, "refs", "prices:tax", "--path", str(program.cwd)) == expected
    assert lines(program, "refs", "bills.py:9:13") == expected


def test_json_tells_ranges_and_how_sure_it_is(tmp_path: Path) -> None:
    shown = answer(code_program(tmp_path), "refs", "tax")
    assert set(shown) == {
        *("schema", "outcome", "exit_code", "text"),
        *("symbol", "references", "textual", "index"),
    }
    assert shown["symbol"] == {
        "path": "prices.py",
        "name_path": "tax",
        "kind": "function",
        "line": 4,
        "column": 5,
        "start_line": 4,
        "end_line": 5,
        "signature": "def tax(amount)",
    }
    assert shown["references"][1] == {
        "path": "bills.py",
        "line": 9,
        "column": 12,
        "end_line": 9,
        "end_column": 15,
        "role": "call",
        "certainty": "exact",
        "in_symbol": "fee",
        "snippet": "return tax(1) + tax(2)",
    }
    assert shown["index"]["is_complete"]


def test_an_unknown_symbol_is_answered_with_near_names(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    assert program.run("index").returncode == 0
    done = program.run("refs", "Prices")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no symbol 'Prices'" in done.stderr
    shown = answer(program, "refs", "Price/tot", exit_code=1)
    assert shown["outcome"] == "not_solved"
    assert "near names: prices.py:Price/total" in shown["text"]


@pytest.mark.parametrize("arguments", [(), ("tax", "--path", "missing"), ("a", "b")])
def test_wrong_usage_prints_nothing_to_stdout(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = code_program(tmp_path).run("refs", "--json", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
