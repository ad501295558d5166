"""Which layer wins, where a value came from, and what is refused."""

import os
from pathlib import Path

import pytest

from lsp_agent.config.settings import (
    SETTINGS,
    LoadedSettings,
    Settings,
    SettingsError,
    cache_folder,
    index_database,
    load_editor_settings,
    load_settings,
    settings_file,
    state_folder,
)

NAMES = ("MODEL", "MAX_STEPS", "APPROVAL_TIMEOUT_S", "REVIEW")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home/.config"))
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", *(f"LSP_AGENT_{n}" for n in NAMES)):
        monkeypatch.delenv(name, raising=False)


def write_file(text: str | bytes) -> Path:
    """Write the user's settings file."""
    path = settings_file()
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def load(**overrides: object) -> LoadedSettings:
    return load_settings(overrides, overrides_name="command line")


def refusal(**overrides: object) -> str:
    with pytest.raises(SettingsError) as raised:
        load(**overrides)
    return str(raised.value)


def test_without_anything_the_defaults_hold() -> None:
    loaded = load()
    assert loaded.settings == Settings()
    assert set(loaded.origins.values()) == {"default"}
    assert set(loaded.origins) == set(SETTINGS)


def test_a_later_layer_wins_and_each_value_knows_its_origin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write_file("model = 'a'\nmax_steps = 1\ndiagnostics = false\napproval_timeout_s = 9\n")
    monkeypatch.setenv("LSP_AGENT_MODEL", "b")
    monkeypatch.setenv("LSP_AGENT_MAX_STEPS", "2")
    monkeypatch.setenv("LSP_AGENT_REVIEW", "always")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-1")
    loaded = load(model="c", base_url=None)
    settings = loaded.settings
    assert (settings.model, settings.max_steps, settings.diagnostics) == ("c", 2, False)
    assert (settings.approval_timeout_s, settings.api_key) == (9.0, "sk-1")
    assert settings.review == "always"
    assert loaded.origins == dict.fromkeys(SETTINGS, "default") | {
        "model": "command line",
        "api_key": "ANTHROPIC_API_KEY",
        "max_steps": "LSP_AGENT_MAX_STEPS",
        "approval_timeout_s": str(path),
        "diagnostics": str(path),
        "review": "LSP_AGENT_REVIEW",
    }


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    assert load().settings.api_key is None


def test_a_key_in_a_file_is_refused() -> None:
    path = write_file("api_key = 'sk-secret'\n")
    message = refusal()
    assert message == (
        f"{path} has an api_key; keys are not kept in settings files, set ANTHROPIC_API_KEY"
    )


@pytest.mark.parametrize("text", ["model = ", "[[", b"model = '\xff'"])
def test_a_file_that_cannot_be_read_is_named(text: str | bytes) -> None:
    path = write_file(text)
    assert refusal().startswith(f"the settings file {path} cannot be read: ")


def test_a_folder_in_the_place_of_the_file_is_named() -> None:
    settings_file().mkdir(parents=True)
    assert "cannot be read" in refusal()


def test_an_unknown_setting_is_told_with_those_that_there_are() -> None:
    path = write_file("modell = 'a'\n")
    assert refusal() == (
        f"{path}: unknown setting 'modell'; expected one of {', '.join(sorted(SETTINGS))}"
    )


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("max_steps = 'many'", "max_steps"),
        ("max_steps = 0", "max_steps"),
        ("max_steps = 1001", "max_steps"),
        ("approval_timeout_s = 0", "approval_timeout_s"),
        ("approval_timeout_s = nan", "approval_timeout_s"),
        ("model = 1", "model"),
        ("diagnostics = 'perhaps'", "diagnostics"),
        ("model = ['a']", "model"),
    ],
)
def test_a_wrong_value_is_told_with_file_and_setting(text: str, setting: str) -> None:
    path = write_file(text)
    assert refusal().startswith(f"{path}: setting {setting!r}: ")


def test_a_wrong_variable_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSP_AGENT_MAX_STEPS", "many")
    assert refusal().startswith("LSP_AGENT_MAX_STEPS: setting 'max_steps': ")


def test_a_wrong_override_is_told_by_what_it_is() -> None:
    assert refusal(max_steps="many").startswith("command line: setting 'max_steps': ")


def test_a_key_in_the_wrong_place_is_not_repeated() -> None:
    write_file("key = 'sk-secret'\n")
    with pytest.raises(SettingsError) as raised:
        load()
    assert "sk-secret" not in str(raised.value)
    assert "sk-secret" not in str(raised.value.__cause__)


def test_settings_print_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    loaded = load()
    assert loaded.settings.api_key == "sk-secret"
    assert "sk-secret" not in f"{loaded!r} {loaded.settings} {loaded.settings!r}"


def test_nothing_in_the_workspace_is_read_as_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "model = 'evil'\nbase_url = 'http://evil.example'\n"
    root = tmp_path / "project"
    names = (
        "config.toml",
        ".lsp-agent/config.toml",
        "lsp-agent/config.toml",
        "lsp-agent.toml",
        ".lsp-agent.toml",
        ".config/lsp-agent/config.toml",
    )
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(evil, encoding="utf-8")
    (root / "pyproject.toml").write_text(f"[tool.lsp-agent]\n{evil}", encoding="utf-8")
    (root / ".env").write_text(
        "ANTHROPIC_BASE_URL=http://evil.example\nLSP_AGENT_MODEL=evil\n", encoding="utf-8"
    )
    monkeypatch.chdir(root)
    assert set(load().origins.values()) == {"default"}
    assert "ANTHROPIC_BASE_URL" not in os.environ


def test_a_home_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert not (tmp_path / "home").exists()
    assert load().settings.max_steps == 40


def test_only_edits_that_no_check_has_confirmed_wait_for_review() -> None:
    assert load().settings.review == "unchecked"
    assert "'always', 'unchecked' or 'never'" in refusal(review="sometimes")


@pytest.mark.parametrize(
    ("own", "editors", "is_taken"),
    [
        ("unchecked", "always", True),
        ("unchecked", "unchecked", True),
        ("unchecked", "never", False),
        ("always", "unchecked", False),
        ("never", "unchecked", True),
        ("never", "never", True),
    ],
)
def test_an_editor_can_make_the_review_stricter_only(
    own: str, editors: str, monkeypatch: pytest.MonkeyPatch, *, is_taken: bool
) -> None:
    monkeypatch.setenv("LSP_AGENT_REVIEW", own)
    if is_taken:
        assert load_editor_settings({"review": editors}).settings.review == editors
        return
    with pytest.raises(SettingsError, match=f"stricter than '{own}'"):
        load_editor_settings({"review": editors})


def test_each_workspace_has_a_state_folder_of_its_own_in_the_home(tmp_path: Path) -> None:
    first, second = state_folder(tmp_path / "a" / "shop"), state_folder(tmp_path / "b" / "shop")
    assert first == state_folder(tmp_path / "a" / "shop")
    assert first != second
    assert first.name.startswith("shop-")
    assert len(first.name) == len("shop-") + 12
    assert first.parent == second.parent
    assert tmp_path / "home" in first.parents
    assert first.parent.name == "workspaces"


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ("/", "-"),
        ("/my shop: \n1", "my_shop_1-"),
        ("/..x", "x-"),
        ("/" + "long" * 30, "long" * 10 + "-"),
        (b"/\xff\xfe", "_-"),
    ],
)
def test_the_name_of_a_state_folder_is_a_plain_one(root: str | bytes, name: str) -> None:
    folder = state_folder(Path(os.fsdecode(root)))
    assert folder.name[:-12] == name
    assert not folder.exists()


def test_the_environment_may_say_where_the_state_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSP_AGENT_STATE_DIR", str(tmp_path / "state"))
    assert state_folder(Path("/shop")).parent == tmp_path / "state" / "workspaces"
    monkeypatch.setenv("LSP_AGENT_STATE_DIR", "state")
    with pytest.raises(SettingsError, match="LSP_AGENT_STATE_DIR: expected an absolute path"):
        state_folder(Path("/shop"))


def test_no_file_and_no_editor_says_where_the_state_is(tmp_path: Path) -> None:
    assert "unknown setting 'state_dir'" in refusal(state_dir=str(tmp_path))


def test_the_cache_folder_is_the_users_own(tmp_path: Path) -> None:
    assert tmp_path / "home" in cache_folder().parents


def test_the_environment_says_where_the_index_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSP_AGENT_CACHE_DIR", str(tmp_path / "c"))
    assert index_database(tmp_path).parent == tmp_path / "c" / "index"
    monkeypatch.setenv("LSP_AGENT_CACHE_DIR", "c")
    with pytest.raises(SettingsError, match="LSP_AGENT_CACHE_DIR: expected an absolute path"):
        index_database(tmp_path)
