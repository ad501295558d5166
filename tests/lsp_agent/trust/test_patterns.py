"""Folders that the settings vouch for."""

from pathlib import Path

import pytest

from lsp_agent.trust.patterns import matching_pattern, pattern_for


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "code" / "a" / "b").mkdir(parents=True)
    return tmp_path / "code"


def test_a_pattern_stands_for_whole_names_of_one_level(work: Path) -> None:
    assert matching_pattern(work / "a", ("~/other/*", "~/code/*")) == "~/code/*"
    assert matching_pattern(work / "a", (f"{work}/a",)) == f"{work}/a"
    for pattern in ("~/code", "~/cod*", "~/code/*/*", "code/*", "*", "~/code/b*", "~/CODE/*"):
        assert matching_pattern(work / "a", (pattern,)) == ""
    assert matching_pattern(work / "a" / "b", ("~/code/*",)) == ""


def test_a_wildcard_means_only_folders_of_the_user_alone(work: Path) -> None:
    (work / "a").chmod(0o775)
    assert matching_pattern(work / "a", ("~/code/*",)) == ""
    assert matching_pattern(work / "a", ("~/code/a",)) == "~/code/a"


def test_a_name_with_wildcards_can_be_meant_exactly(work: Path) -> None:
    odd = work / "[x]*?"
    odd.mkdir()
    odd.chmod(0o775)
    pattern = pattern_for(odd)
    assert matching_pattern(odd, (pattern,)) == pattern
    assert matching_pattern(work / "a", (pattern,)) == ""
