"""`lsp-agent calls`: who calls a function, and what it calls."""

from pathlib import Path

import pytest

from tests.lsp_agent.cli.code import answer, code_program, lines


def test_callers_are_listed_to_some_depth(tmp_path: Path) -> None:
    assert lines(code_program(tmp_path), "calls", "prices:Price.total", "--depth", "3") == [
        "prices.py:12:9 Price/total: 1 caller in 1 file",
        "bills.py:5:26~ bill: return Price(amount).total()",
        "    13:12 main",
        "(~ inferred)",
    ]


def test_json_has_sites_with_ranges(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    shown = answer(program, "calls", "prices:tax", "--direction", "in", "--depth", "2")
    assert (shown["direction"], shown["depth"]) == ("in", 2)
    calls = shown["calls"]
    assert [(call["depth"], call["symbol"]["name_path"]) for call in calls] == [
        (1, "fee"),
        (2, "main"),
        (1, "Price/total"),
        (2, "bill"),
    ]
    assert [(s["path"], s["line"], s["column"], s["end_column"]) for s in calls[0]["sites"]] == [
        ("bills.py", 9, 12, 15),
        ("bills.py", 9, 21, 24),
    ]
    assert not calls[0]["is_cycle"]


def test_callees_are_listed_where_they_are_defined(tmp_path: Path) -> None:
    assert lines(code_program(tmp_path), "calls", "fee", "--direction", "out") == [
        "bills.py:8:5 fee: 1 callee in 1 file",
        "prices.py:4:5 def tax(amount) <- 9:12 9:21",
    ]


@pytest.mark.parametrize("option", [("--depth", "0"), ("--depth", "99"), ("--direction", "up")])
def test_what_cannot_be_meant_is_wrong_usage(tmp_path: Path, option: tuple[str, str]) -> None:
    done = code_program(tmp_path).run("calls", "tax", *option)
    assert (done.returncode, done.stdout) == (2, "")
