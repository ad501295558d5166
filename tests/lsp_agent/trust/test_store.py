"""Trust in folders: given, kept, taken back, and lost with what it was bound to."""

import stat
from pathlib import Path

import pytest

from lsp_agent.permissions.levels import Trust
from lsp_agent.trust.store import FILE_NAME, TrustStore
from mcp_tools.types.errors import Denied

TRUSTED, UNTRUSTED = Trust.TRUSTED, Trust.UNTRUSTED


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "work" / "project"
    root.mkdir(parents=True)
    return root


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def hook(root: Path, text: str) -> None:
    (root / ".lsp-agent").mkdir(exist_ok=True)
    (root / ".lsp-agent" / "hooks.toml").write_text(text, encoding="utf-8")


def test_a_new_folder_is_untrusted_and_looking_writes_nothing(root: Path, state: Path) -> None:
    store = TrustStore(state)
    assert store.trust_of(root) is UNTRUSTED
    assert store.look(root).reason == "nobody has vouched for it"
    assert store.problems() == ()
    assert not state.exists()


def test_a_grant_is_seen_by_every_process_and_can_be_taken_back(root: Path, state: Path) -> None:
    here, there = TrustStore(state), TrustStore(state)
    assert there.trust_of(root) is UNTRUSTED
    here.grant(root)
    assert there.trust_of(root) is TRUSTED
    assert there.look(root).reason == "you trust it"
    here.revoke(root)
    assert there.trust_of(root) is UNTRUSTED
    here.revoke(root)


def test_the_file_is_private(root: Path, state: Path) -> None:
    TrustStore(state).grant(root)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / FILE_NAME).stat().st_mode) == 0o600


def test_another_folder_in_its_place_is_not_trusted(root: Path, state: Path) -> None:
    store = TrustStore(state)
    store.grant(root)
    root.rename(root.with_name("moved"))
    root.mkdir()
    assert store.trust_of(root) is UNTRUSTED
    assert store.trust_of(root.with_name("moved")) is UNTRUSTED


def test_a_link_to_a_trusted_folder_is_that_folder(root: Path, state: Path) -> None:
    store = TrustStore(state)
    store.grant(root)
    link = root.with_name("link")
    link.symlink_to(root)
    assert store.trust_of(link) is TRUSTED


def test_a_part_shares_the_trust_and_a_repository_in_it_does_not(root: Path, state: Path) -> None:
    store = TrustStore(state)
    store.grant(root)
    part = root / "packages" / "a"
    part.mkdir(parents=True)
    assert store.trust_of(part) is TRUSTED
    assert str(root) in store.look(part).reason
    with pytest.raises(Denied, match="still trusted: you trust"):
        store.revoke(part)
    (part / ".git").mkdir()
    assert store.trust_of(part) is UNTRUSTED
    assert store.trust_of(root.parent) is UNTRUSTED


def test_home_is_never_trusted(root: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(root))
    store = TrustStore(state, (str(root),))
    with pytest.raises(Denied, match="trust single projects in it"):
        store.grant(root)
    assert store.trust_of(root) is UNTRUSTED
    with pytest.raises(Denied, match="expected a folder"):
        store.grant(root / "nothing")


def test_settings_vouch_for_folders_but_not_for_their_powers(root: Path, state: Path) -> None:
    hook(root, "a = 1")
    store = TrustStore(state, (f"{root.parent}/*",))
    view = store.look(root)
    assert view.trust is TRUSTED
    assert "your settings" in view.reason
    assert view.changed == view.powers
    assert view.active == ()
    with pytest.raises(Denied, match="still trusted: your settings"):
        store.revoke(root)


def test_a_changed_power_is_off_until_it_is_granted_again(root: Path, state: Path) -> None:
    hook(root, "a = 1")
    store = TrustStore(state)
    store.grant(root)
    assert store.look(root).changed == ()
    assert len(store.look(root).active) == 1
    hook(root, "a = 2")
    view = store.look(root)
    assert view.trust is TRUSTED
    assert view.changed == view.powers
    store.grant(root)
    assert store.look(root).changed == ()


def test_a_grant_is_of_what_was_shown(root: Path, state: Path) -> None:
    hook(root, "a = 1")
    store = TrustStore(state)
    shown = store.look(root).powers
    hook(root, "a = 'swapped meanwhile'")
    store.grant(root, shown)
    assert store.look(root).trust is TRUSTED
    assert len(store.look(root).changed) == 1


def test_what_cannot_be_read_stays_off(root: Path, state: Path) -> None:
    (root / ".lsp-agent").symlink_to("/etc")
    store = TrustStore(state)
    store.grant(root)
    assert len(store.look(root).changed) == 1


def test_a_damaged_file_trusts_nothing_and_is_put_aside(root: Path, state: Path) -> None:
    store = TrustStore(state)
    store.grant(root)
    (state / FILE_NAME).write_text("{ damaged", encoding="utf-8")
    assert store.trust_of(root) is UNTRUSTED
    assert "damaged" in store.look(root).reason
    assert "damaged" in store.problems()[0]
    store.grant(root)
    assert store.trust_of(root) is TRUSTED
    assert (state / f"{FILE_NAME}.damaged").read_text(encoding="utf-8") == "{ damaged"


def test_a_file_that_others_can_write_to_trusts_nothing(root: Path, state: Path) -> None:
    store = TrustStore(state)
    store.grant(root)
    (state / FILE_NAME).chmod(0o666)
    assert store.trust_of(root) is UNTRUSTED
    assert "others can write" in store.problems()[0]
    (state / FILE_NAME).chmod(0o600)
    assert store.trust_of(root) is TRUSTED


def test_grants_are_listed_in_the_order_in_which_they_were_given(root: Path, state: Path) -> None:
    other = root.with_name("other")
    other.mkdir()
    store = TrustStore(state)
    store.grant(root)
    store.grant(other)
    store.grant(root)
    assert [grant.path for grant in store.grants()] == [str(other), str(root)]
