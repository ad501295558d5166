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
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import platformdirs
from msgspec import Meta

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
    "level": "LSP_AGENT_LEVEL",
}
_SWITCHES = {"yes": True, "on": True, "no": False, "off": False}
_MAX_NAME_CHARS = 40
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

Review = Literal["always", "unchecked", "never"]
LevelName = Literal["observe", "suggest", "edit", "auto", "unattended"]
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
_LENIENCY: Mapping[str, tuple[str, ...]] = {
    "review": ("always", "unchecked", "never"),
    "level": ("observe", "suggest", "edit", "unattended", "auto"),
}
"""The values of settings that an editor may make stricter, the strictest first."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings, checked."""

    model: Annotated[
        str | None,
        Meta(description="Model to use: `offline`, or a Claude model id. None: Claude with a key."),
    ] = None
    api_key: Annotated[
        str | None,
        Meta(description="Key of the Anthropic API. Not read from a file; set ANTHROPIC_API_KEY."),
    ] = None
    base_url: Annotated[
        str | None,
        Meta(description="Address of the Anthropic API, for a proxy or the scripted model."),
    ] = None
    max_steps: Annotated[
        int, Meta(ge=1, le=1000, description="Model requests that one task may make at most.")
    ] = 40
    approval_timeout_s: Annotated[
        float,
        Meta(gt=0, description="Seconds to wait for an answer to a question; then it is a no."),
    ] = 300.0
    diagnostics: Annotated[
        bool,
        Meta(description="The language server reports diagnostics of its own (syntax, ruff)."),
    ] = True
    review: Annotated[
        Review,
        Meta(
            description="When edits wait for review in an editor: `always`, only those that no "
            "check has confirmed (`unchecked`), or `never`."
        ),
    ] = "unchecked"
    index: Annotated[
        bool,
        Meta(
            description="Read all code of a workspace ahead, and keep what was understood in the "
            "cache folder. If not, each question reads the files that it needs."
        ),
    ] = True
    level: Annotated[
        LevelName,
        Meta(
            description="What happens without a question: `observe` only reads; at `suggest` edits "
            "wait for review; at `edit` those of MCP clients are made at once; at `auto` what is "
            "of low or medium risk runs too; `unattended` is as `auto`, but never asks: what is of "
            "high risk is denied, and kept for `lsp-agent waiting`."
        ),
    ] = "suggest"
    allow: Annotated[
        tuple[str, ...],
        Meta(
            description="Tools that run without a question at every level but `observe`, such as "
            "`shell`. Not read from an editor."
        ),
    ] = ()
    search_url: Annotated[
        str,
        Meta(
            description="Address of a search engine that speaks as SearXNG does, such as "
            "`http://localhost:8888/search`, for the tool `web_search`. Not read from an editor."
        ),
    ] = ""
    trusted_folders: Annotated[
        tuple[str, ...],
        Meta(
            description="Folders that you trust, as absolute names or patterns such as `~/code/*`; "
            "what asks for power in them is still asked about. Not read from an editor."
        ),
    ] = ()
    canary_tools: Annotated[
        bool,
        Meta(
            description="MCP clients are offered decoy tools that no honest task needs, such as "
            "`dump_credentials`; who calls one is cut off. Not read from an editor."
        ),
    ] = False
    allowed_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="Hosts that commands may reach from inside the sandbox, such as `pypi.org` "
            "or `*.pythonhosted.org`; none if not given. Not read from an editor."
        ),
    ] = ()
    secrets: Annotated[
        tuple[str, ...],
        Meta(
            description="Words that are hidden from models and MCP clients, and in logs, beside "
            "all that looks like a credential; `/.../` is a regular expression. Not read from an "
            "editor."
        ),
    ] = ()
    show_secrets: Annotated[
        bool,
        Meta(
            description="Models and MCP clients see credentials that files and commands show; "
            "logs never do. Not read from an editor."
        ),
    ] = False
    confidential: Annotated[
        tuple[str, ...],
        Meta(
            description="Names that must not stand in messages of commits, web addresses and "
            "searches; `/.../` is a regular expression. Not read from an editor."
        ),
    ] = ()
    discloses_agent: Annotated[
        bool,
        Meta(
            description="Commits of the agent say that it helped, by a line at the end of their "
            "message. Not read from an editor."
        ),
    ] = True
    disabled_features: Annotated[
        tuple[CodeFeature, ...],
        Meta(description="Features about code that the language server leaves to others."),
    ] = ()

    def __repr__(self) -> str:
        """Show all but the key, and what the user keeps to himself."""
        shown = (f"{name}={getattr(self, name)!r}" for name in SETTINGS if name not in HIDDEN)
        return f"Settings({', '.join(shown)})"


SETTINGS = tuple(field.name for field in msgspec.structs.fields(Settings))
"""The names of all settings, in their order."""
HIDDEN = frozenset({"api_key", "secrets", "confidential"})
"""Settings whose values are not shown."""


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
    base = user_state_folder()
    name = _UNSAFE.sub("_", root.name)[:_MAX_NAME_CHARS].strip(".")
    digest = hashlib.blake2b(os.fsencode(root), digest_size=6).hexdigest()
    return base / "workspaces" / f"{name}-{digest}"


def user_state_folder() -> Path:
    """Give the path of the user's private folder for what is kept.

    Raises: SettingsError as `state_folder`.
    """
    return _chosen_folder(STATE_VARIABLE) or platformdirs.user_state_path(APP_NAME)


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
    for setting in (
        "api_key",
        "base_url",
        "allow",
        "search_url",
        "allowed_hosts",
        "trusted_folders",
        "canary_tools",
        "secrets",
        "show_secrets",
        "confidential",
        "discloses_agent",
    ):
        if options.get(setting) is not None:
            raise SettingsError(
                f"{EDITOR_OPTIONS}: {setting!r} cannot be set by an editor, since a workspace "
                f"could; set {_own_place(setting)}"
            )
    loaded = load_settings(options, overrides_name=EDITOR_OPTIONS)
    own = load_settings({}, overrides_name="").settings
    for setting, leniency in _LENIENCY.items():
        wanted, known = str(getattr(loaded.settings, setting)), str(getattr(own, setting))
        if leniency.index(wanted) > leniency.index(known):
            raise SettingsError(
                f"{EDITOR_OPTIONS}: {setting!r} can be made stricter than {known!r} by an editor, "
                f"not {wanted!r}, since a workspace could; set {_ENVIRONMENT[setting]} in the "
                "environment of the editor, or your settings file"
            )
    return loaded


def _own_place(setting: str) -> str:
    """Say where the user, and nobody else, sets something."""
    if setting in _ENVIRONMENT:
        return f"{_ENVIRONMENT[setting]} in the environment of the editor"
    return f"it in {str(settings_file())!r}"


def load_settings(overrides: Mapping[str, object], *, overrides_name: str) -> LoadedSettings:
    """Read all layers; `overrides` come last, and `overrides_name` says what they are.

    Raises: SettingsError.
    """
    values: dict[str, object] = {}
    origins = dict.fromkeys(SETTINGS, "default")
    layers = (
        *_file_layer(settings_file()),
        *_environment_layer(),
        (overrides_name, {k: v for k, v in overrides.items() if v is not None}),
    )
    for name, layer in layers:
        settings_of(layer, name)
        values.update(layer)
        origins.update(dict.fromkeys(layer, name))
    return LoadedSettings(settings=settings_of(values, overrides_name), origins=origins)


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


def settings_of(values: Mapping[str, object], name: str) -> Settings:
    """Check values of settings; those that are missing have their defaults.

    An error never repeats a value: it may be a key in the wrong place.
    Raises: SettingsError that says where they come from by `name`.
    """
    types = get_type_hints(Settings, include_extras=True)
    checked: dict[str, Any] = {}
    for setting, value in values.items():
        if setting not in types:
            raise SettingsError(
                f"{name}: unknown setting {setting!r}; expected one of {', '.join(sorted(types))}"
            )
        try:
            checked[setting] = _converted(value, types[setting])
        except msgspec.ValidationError as error:
            choices = _choices(types[setting])
            expected = f"expected {choices}" if choices else str(error)
            raise SettingsError(f"{name}: setting {setting!r}: {expected}") from None
    return Settings(**checked)


def _converted(value: object, annotated: object) -> object:
    """Give a value in its type; texts may stand for numbers and truth, as in a variable."""
    kind = get_args(annotated)[0]
    if kind is bool and isinstance(value, str):
        value = _SWITCHES.get(value.lower(), value)
    return msgspec.convert(value, annotated, strict=kind not in (int, float, bool))


def _choices(annotated: object) -> str:
    """Say what may be chosen; empty for what is no choice."""
    kind = get_args(annotated)[0]
    if get_origin(kind) is tuple:
        kind = get_args(kind)[0]
    if get_origin(kind) is not Literal:
        return ""
    *others, last = map(repr, get_args(kind))
    return f"{', '.join(others)} or {last}"
