"""The benchmark of the start: it runs, and prints what it promises."""

import pytest

from bench import startup


def test_both_servers_are_started_and_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert startup.main(["-n", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:10] for line in lines] == [
        "start to i",
        "lsp-agent ",
        "bare pygls",
        lines[3][:10],
    ]
    assert lines[3].startswith("ratio ")


def test_the_ratio_is_that_of_the_medians() -> None:
    table = startup.table({"ours": [0.3, 0.1, 9.0], "bare": [0.2, 0.1, 0.3]})
    assert table.splitlines()[1].split() == ["ours", "300", "ms", "100", "ms", "9000", "ms"]
    assert table.splitlines()[3].startswith("ratio 1.50 ")
