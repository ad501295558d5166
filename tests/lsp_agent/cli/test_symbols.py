"""`lsp-agent symbols`: symbols by name, and those of a file."""

from pathlib import Path

from tests.lsp_agent.cli.code import answer, code_program, lines


def test_symbols_are_found_by_name(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    assert program.run("index").returncode == 0
    assert lines(program, "symbols", "Price/total") == [
        "1 symbol for 'Price/total'",
        "prices.py:12:9 def Price/total(self)",
    ]
    shown = answer(program, "symbols", "tot", "--kind", "method", "--in", "prices.py")
    assert [symbol["name_path"] for symbol in shown["symbols"]] == ["Price/total"]
    assert answer(program, "symbols", "tax", "--kind", "class")["symbols"] == []


def test_without_an_index_a_whole_name_is_found_and_the_rest_is_said_to_be_missing(
    tmp_path: Path,
) -> None:
    shown = answer(code_program(tmp_path), "symbols", "Price")
    assert [symbol["name_path"] for symbol in shown["symbols"]] == ["Price"]


def test_the_symbols_of_a_file_are_listed(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    assert lines(program, "symbols", "--in", "prices.py", "--depth", "0")[1:] == [
        "1:1 RATE = 0.2",
        "4:5 def tax(amount)",
        "8:7 class Price",
    ]
    shown = answer(program, "symbols", "--in", "prices.py")
    assert [symbol["name_path"] for symbol in shown["symbols"]] == [
        *("RATE", "tax", "Price"),
        *("Price/__init__", "Price/amount", "Price/total"),
    ]


def test_something_has_to_be_asked_for(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    for arguments in ((), ("a", "--depth", "-1"), ("a", "--in", "../x"), ("a", "--kind", "x")):
        assert program.run("symbols", *arguments).returncode == 2
    assert program.run("symbols", "--in", "missing.py").returncode == 1
