"""Settings in layers: defaults, the user's file, the environment, the caller.

A later layer wins. The workspace is no layer: what a repository contains must not choose the
model, the address that a key is sent to, or what is allowed.
"""

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mcp_tools.index.repository import database_path

APP_NAME = "lsp-agent"
EDITOR_OPTIONS = "initializationOptions"
STATE_VARIABLE = "LSP_AGENT_STATE_DIR"
CACHE_VARIABLE = "LSP_AGENT_CACHE_DIR"
_ENVIRONMENT = {
    "model": "LSP_AGENT_MODEL",
    "api_key": "ANTHROPIC_API_KEY",
    "base_url": "ANTHROPIC_BASE_URL",
    "max_steps": "LSP_AGENT_MAX_STEPS",
    "approval_timeout_s": "LSP_AGENT_APPROVAL_TIMEOUT_S",
    "review": "LSP_AGENT_REVIEW",
    "index": "LSP_AGENT_INDEX",
}
_MAX_NAME_CHARS = 40
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

Review = Literal["always", "unchecked", "never"]
CodeFeature = Literal[
    "document_symbol",
    "workspace_symbol",
    "definition",
    "references",
    "implementation",
    "call_hierarchy",
    "type_hierarchy",
    "hover",
    "rename",
    "caller_counts",
]
_LENIENCY: tuple[Review, ...] = ("always", "unchecked", "never")


class Settings(BaseModel):
    """All settings, checked."""

    # An error must not repeat a value: it may be a key in the wrong place.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    model: str | None = Field(
        None, description="Model to use: `offline`, or a Claude model id. None: Claude with a key."
    )
    api_key: str | None = Field(
        None,
        repr=False,
        description="Key of the Anthropic API. Not read from a file; set ANTHROPIC_API_KEY.",
    )
    base_url: str | None = Field(
        None, description="Address of the Anthropic API, for a proxy or the scripted model."
    )
    max_steps: int = Field(
        40, ge=1, le=1000, description="Model requests that one task may make at most."
    )
    approval_timeout_s: float = Field(
        300.0, gt=0, description="Seconds to wait for an answer to a question; then it is a no."
    )
    diagnostics: bool = Field(
        True, description="The language server reports diagnostics of its own (syntax, ruff)."
    )
    review: Review = Field(
        "unchecked",
        description="When edits wait for review in an editor: `always`, only those that no check "
        "has confirmed (`unchecked`), or `never`.",
    )
    index: bool = Field(
        True,
        description="Read all code of a workspace ahead, and keep what was understood in the cache "
        "folder. If not, each question reads the files that it needs.",
    )
    disabled_features: tuple[CodeFeature, ...] = Field(
        (), description="Features about code that the language server leaves to others."
    )


class SettingsError(Exception):
    """A setting is wrong; the text names the layer, the setting and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """The settings with the layer that each value came from."""

    settings: Settings
    origins: Mapping[str, str]
    """By setting: `default`, a file's path, an environment variable's name, or the caller."""


def settings_file() -> Path:
    """Give the path of the user's settings file, which need not exist."""
    return platformdirs.user_config_path(APP_NAME) / "config.toml"


def state_folder(root: Path) -> Path:
    """Give the path of the private folder for what is kept about the workspace at `root`.

    The environment alone can say where: a workspace or an editor's options could otherwise put
    the journal where others read it.
    Raises: SettingsError if LSP_AGENT_STATE_DIR is not an absolute path.
    """
    base = _chosen_folder(STATE_VARIABLE) or platformdirs.user_state_path(APP_NAME)
    name = _UNSAFE.sub("_", root.name)[:_MAX_NAME_CHARS].strip(".")
    digest = hashlib.blake2b(os.fsencode(root), digest_size=6).hexdigest()
    return base / "workspaces" / f"{name}-{digest}"


def cache_folder() -> Path:
    """Give the path of the user's folder for what can be made again.

    Raises: SettingsError if LSP_AGENT_CACHE_DIR is not an absolute path.
    """
    return _chosen_folder(CACHE_VARIABLE) or platformdirs.user_cache_path(APP_NAME)


def index_database(root: Path) -> Path:
    """Give the path of the database that keeps the index of a workspace.

    Raises: SettingsError as `cache_folder`.
    """
    return database_path(cache_folder(), root)


def _chosen_folder(variable: str) -> Path | None:
    """Give the folder that a variable of the environment names, None if it names none."""
    chosen = os.environ.get(variable, "")
    if chosen and not Path(chosen).is_absolute():
        raise SettingsError(f"{variable}: expected an absolute path, got {chosen!r}")
    return Path(chosen) if chosen else None


def load_editor_settings(options: Mapping[str, object]) -> LoadedSettings:
    """Read all layers, with an editor's `initializationOptions` as the last one.

    Editors may fill these from files of the workspace, so they cannot say where the key goes, nor
    that fewer edits wait for review than the layers before say.
    Raises: SettingsError.
    """
    for setting in ("api_key", "base_url"):
        if options.get(setting) is not None:
            raise SettingsError(
                f"{EDITOR_OPTIONS}: {setting!r} cannot be set by an editor, since a workspace "
                f"could; set {_ENVIRONMENT[setting]} in the environment of the editor"
            )
    loaded = load_settings(options, overrides_name=EDITOR_OPTIONS)
    own = load_settings({}, overrides_name="").settings.review
    if _LENIENCY.index(loaded.settings.review) > _LENIENCY.index(own):
        raise SettingsError(
            f"{EDITOR_OPTIONS}: 'review' can be made stricter than {own!r} by an editor, not "
            f"{loaded.settings.review!r}, since a workspace could; set {_ENVIRONMENT['review']} "
            "in the environment of the editor, or your settings file"
        )
    return loaded


def load_settings(overrides: Mapping[str, object], *, overrides_name: str) -> LoadedSettings:
    """Read all layers; `overrides` come last, and `overrides_name` says what they are.

    Raises: SettingsError.
    """
    values: dict[str, object] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    layers = (
        *_file_layer(settings_file()),
        *_environment_layer(),
        (overrides_name, {k: v for k, v in overrides.items() if v is not None}),
    )
    for name, layer in layers:
        _check(layer, name)
        values.update(layer)
        origins.update(dict.fromkeys(layer, name))
    return LoadedSettings(settings=Settings.model_validate(values), origins=origins)


def _file_layer(path: Path) -> tuple[tuple[str, dict[str, object]], ...]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error}") from error
    if "api_key" in values:
        raise SettingsError(
            f"{path} has an api_key; keys are not kept in settings files, set ANTHROPIC_API_KEY"
        )
    return ((str(path), values),)


def _environment_layer() -> tuple[tuple[str, dict[str, object]], ...]:
    found: list[tuple[str, dict[str, object]]] = []
    for setting, variable in _ENVIRONMENT.items():
        if value := os.environ.get(variable):
            found.append((variable, {setting: value}))
    return tuple(found)


def _check(layer: Mapping[str, object], name: str) -> None:
    try:
        Settings.model_validate(dict(layer))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        setting = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            known = ", ".join(sorted(Settings.model_fields))
            raise SettingsError(
                f"{name}: unknown setting {setting!r}; expected one of {known}"
            ) from error
        raise SettingsError(f"{name}: setting {setting!r}: {first['msg']}") from error
