"""`lsp-agent map`: the most important symbols."""

from pathlib import Path

from tests.lsp_agent.cli.code import answer, code_program, lines


def test_what_is_used_most_comes_first(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    shown = lines(program, "map")
    assert shown[1] == "prices.py"
    assert " 4:5 def tax(amount)" in shown
    data = answer(program, "map", "fee", "--file", "bills.py", "--tokens", "500")
    paths = [file["path"] for file in data["files"]]
    assert sorted(paths) == ["bills.py", "prices.py"]


def test_what_cannot_be_meant_is_wrong_usage(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    assert program.run("map", "--tokens", "1").returncode == 2
    assert program.run("map", "--file", "../x").returncode == 2
