"""The benchmark of commands: it runs, and prints what it promises."""

import json

import pytest

from bench import journal

TIMES_S = {
    journal.GIT: [0.2, 0.1, 9.0],
    journal.BARE: [0.01, 0.02, 0.01],
    journal.VIEW: [0.11, 0.11, 0.2],
    journal.IN_PLACE: [0.41, 0.4, 0.5],
}


def test_all_ways_are_run_and_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert journal.main(["--files", "45", "-n", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("45 files; by default a command runs ")
    figures = [line for line in lines if line.endswith(" ms")]
    assert [line[:28].rstrip() for line in figures] == [
        journal.GIT,
        journal.BARE,
        journal.VIEW,
        journal.IN_PLACE,
    ]


def test_the_figures_come_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert journal.main(["--files", "5", "-n", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["files"] == 5
    assert said["goal"] == journal.GOAL
    assert said["ratio_to_git_status"].keys() == {journal.VIEW, journal.IN_PLACE}


def test_the_ratio_is_that_of_the_medians_without_the_bare_command() -> None:
    assert journal.ratios(TIMES_S) == pytest.approx({journal.VIEW: 0.5, journal.IN_PLACE: 2.0})
    assert journal.table(TIMES_S).splitlines()[-2:] == [
        "cost in a view: 0.50 of git status (goal: at most 1)",
        "cost in place, compared: 2.00 of git status",
    ]
