"""What happens without a question is for the user to say, and for nobody else."""

import pytest

from lsp_agent.config.settings import (
    SettingsError,
    load_editor_settings,
    load_settings,
    settings_file,
)

LEVELS = ("observe", "suggest", "edit", "unattended", "auto")
"""The strictest first."""


def write(text: str) -> None:
    """Write the user's settings file."""
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(text, encoding="utf-8")


def test_without_a_setting_edits_wait_for_review_and_nothing_runs_unasked() -> None:
    settings = load_settings({}, overrides_name="").settings
    assert (settings.level, settings.allow) == ("suggest", ())


def test_the_users_file_and_the_command_line_choose() -> None:
    write('level = "edit"\nallow = ["shell"]\n')
    settings = load_settings({}, overrides_name="").settings
    assert (settings.level, settings.allow) == ("edit", ("shell",))
    given = {"level": "observe", "allow": ["web_fetch"]}
    settings = load_settings(given, overrides_name="the command line").settings
    assert (settings.level, settings.allow) == ("observe", ("web_fetch",))


def test_a_level_that_does_not_exist_is_refused() -> None:
    write('level = "root"\n')
    with pytest.raises(SettingsError, match="'observe', 'suggest', 'edit', 'auto' or 'unattended'"):
        load_settings({}, overrides_name="")


@pytest.mark.parametrize("own", LEVELS)
@pytest.mark.parametrize("wanted", LEVELS)
def test_an_editor_can_only_make_it_stricter(
    own: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSP_AGENT_LEVEL", own)
    if LEVELS.index(wanted) <= LEVELS.index(own):
        assert load_editor_settings({"level": wanted}).settings.level == wanted
    else:
        with pytest.raises(SettingsError, match=f"'level' can be made stricter than '{own}'"):
            load_editor_settings({"level": wanted})


def test_an_editor_allows_nothing() -> None:
    with pytest.raises(SettingsError, match="'allow' cannot be set by an editor"):
        load_editor_settings({"allow": ["shell"]})
