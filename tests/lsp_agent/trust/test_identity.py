"""Which folder it is, and whose trust it shares."""

from pathlib import Path

import pytest

from lsp_agent.trust.identity import identity_of, is_own_alone, places_above, reason_against


def test_a_link_is_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert identity_of(tmp_path / "link") == identity_of(tmp_path / "real")


def test_what_is_no_folder_has_no_identity(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert identity_of(tmp_path / "file") is None
    assert identity_of(tmp_path / "nothing") is None
    assert identity_of(Path("a\0b")) is None


def test_another_folder_of_the_same_name_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    before = identity_of(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "a").mkdir()
    assert identity_of(tmp_path / "a") != before


def test_trust_comes_from_above_up_to_a_repository_of_its_own(tmp_path: Path) -> None:
    inner = tmp_path / "top" / "vendor" / "module" / "src"
    inner.mkdir(parents=True)
    (inner.parent / ".git").write_text("gitdir: ../../.git/modules/x\n", encoding="utf-8")
    assert places_above(inner) == (inner, inner.parent)
    assert tmp_path / "top" in places_above(tmp_path / "top" / "vendor")


def test_the_home_folder_and_what_holds_it_are_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / "ada"
    (home / "project").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for folder in (Path("/"), tmp_path / "home", home):
        assert "single projects" in reason_against(folder)
    assert reason_against(home / "project") == ""
    assert places_above(home / "project") == (home / "project",)
    assert places_above(home) == ()


def test_a_folder_that_everybody_writes_to_is_nobodys_word(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert "everybody can write" in reason_against(tmp_path)
    assert not is_own_alone(tmp_path)
    tmp_path.chmod(0o755)
    assert reason_against(tmp_path) == ""
    assert is_own_alone(tmp_path)
    assert "cannot be read" in reason_against(tmp_path / "nothing")
