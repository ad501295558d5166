"""Only a file of the user's own is read."""

from pathlib import Path

import pytest

from lsp_agent.hooks.files import MAX_BYTES, NotOwn, read_own, state_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder of the user's own."""
    tmp_path.chmod(0o700)
    found = tmp_path / "hooks.toml"
    found.write_text("# mine\n", encoding="utf-8")
    found.chmod(0o600)
    return found


def test_an_own_file_is_read(path: Path) -> None:
    assert read_own(path) == "# mine\n"


def test_no_file_has_no_text(tmp_path: Path) -> None:
    assert read_own(tmp_path / "hooks.toml") is None
    assert state_of(tmp_path / "hooks.toml") is None


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_read(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(NotOwn, match="others can write"):
        read_own(path)


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_file_in_a_folder_that_others_can_write_is_not_read(path: Path, mode: int) -> None:
    path.parent.chmod(mode)
    with pytest.raises(NotOwn, match="others can write"):
        read_own(path)


def test_what_is_too_long_or_no_text_is_refused(path: Path) -> None:
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ValueError, match="more than"):
        read_own(path)
    path.write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        read_own(path)


def test_the_state_tells_another_text_and_another_mode(path: Path) -> None:
    first = state_of(path)
    assert state_of(path) == first
    path.chmod(0o644)
    second = state_of(path)
    path.write_text("# other\n", encoding="utf-8")
    assert len({first, second, state_of(path)}) == 3
