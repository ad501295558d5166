"""A file of hooks, as text, to hooks: all of them, or none and the reason with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lsp_agent.hooks.answers import HookFailed
from lsp_agent.hooks.events import EVENTS, HookEvent, May
from lsp_agent.hooks.hook import (
    DEFAULT_TIMEOUT_S,
    Hook,
    Kind,
    Maker,
    OnFailure,
    Place,
)
from lsp_agent.hooks.matching import Matcher
from lsp_agent.hooks.payloads import CommandEnded, CommandStarted, EditSeen, ToolEnded, ToolWanted
from lsp_agent.hooks.registry import kind_names, kind_of

MAX_HOOKS = 100
_HEADER = re.compile(r"^[ \t]*\[\[\s*(?:hook|\"hook\"|'hook')\s*\]\]", re.MULTILINE)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry of every kind says."""

    name: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$", description="Names it in reasons.")
    ]
    on: Annotated[tuple[HookEvent, ...], Meta(min_length=1, description="The events it is for.")]
    kind: Annotated[str, Meta(description="How it answers; the other fields depend on it.")]
    tool: Annotated[
        str, Meta(description="Only for tools with such a name; `*` is any part of it.")
    ] = ""
    command: Annotated[
        str, Meta(description="Only where a shell line has this in it; `*` is anything.")
    ] = ""
    timeout_s: Annotated[
        float, Meta(gt=0, le=600, description="Seconds until it counts as failed.")
    ] = DEFAULT_TIMEOUT_S
    on_failure: Annotated[
        OnFailure | None,
        Meta(
            description="What follows if it fails: `closed` denies, `open` goes on without it. "
            "Without this it is `closed` where the event can be denied."
        ),
    ] = None
    may_change: Annotated[
        bool, Meta(description="It may change the input; it then runs before those that may not.")
    ] = False


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hook: Annotated[tuple[dict[str, Any], ...], Meta(max_length=MAX_HOOKS)] = ()


ENTRY_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Entry))


@dataclass(frozen=True, slots=True)
class WrongFile(Exception):
    """A file of hooks that cannot be meant; none of its hooks counts."""

    text: str

    def __str__(self) -> str:
        return self.text


def hooks_in(text: str, place: Place) -> tuple[Hook, ...]:
    """Read all hooks of a file, in their order.

    Raises: WrongFile with the line and the reason.
    """
    try:
        entries = msgspec.convert(tomllib.loads(text), _File).hook
    except (ValueError, RecursionError) as error:
        raise WrongFile(str(error)) from error
    lines = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
    found: list[Hook] = []
    for index, entry in enumerate(entries):
        try:
            found.append(_hook(entry, place))
            _refuse_twins(found)
        except (HookFailed, ValueError) as error:
            where = f"line {lines[index]}" if index < len(lines) else f"entry {index + 1}"
            raise WrongFile(f"{where}: {error}") from error
    return tuple(found)


def _hook(values: Mapping[str, Any], place: Place) -> Hook:
    common = {name: value for name, value in values.items() if name in ENTRY_FIELDS}
    entry = msgspec.convert(common, Entry)
    kind = _kind(entry, place)
    _check_events(entry, kind)
    assert kind.fields is not None
    own = {name: value for name, value in values.items() if name not in ENTRY_FIELDS}
    return Hook(
        name=entry.name,
        kind=kind.name,
        maker=place.maker,
        events=frozenset(entry.on),
        run=kind.make(msgspec.convert(own, kind.fields), place),
        matcher=Matcher(tool=entry.tool, command=entry.command),
        timeout_s=entry.timeout_s,
        on_failure=entry.on_failure,
        may_change=entry.may_change,
    )


def _kind(entry: Entry, place: Place) -> Kind:
    if entry.kind not in kind_names():
        names = ", ".join(kind_names())
        raise HookFailed(f"there is no kind {entry.kind!r}; expected one of {names}")
    kind = kind_of(entry.kind)
    if kind.fields is None:
        raise HookFailed(f"a hook of the kind {kind.name!r} cannot come from a file")
    if place.maker is Maker.PROJECT and not kind.is_for_projects:
        raise HookFailed(f"a hook of the kind {kind.name!r} is only for the user's own file")
    return kind


def _check_events(entry: Entry, kind: Kind) -> None:
    for event in entry.on:
        spec = EVENTS[event]
        if kind.needs_denial and May.DENY not in spec.may:
            raise HookFailed(f"{event} cannot be denied, and a {kind.name} does nothing else")
        if entry.may_change and May.CHANGE not in spec.may:
            raise HookFailed(f"nothing can be changed at {event}; leave `may_change` out")
        if entry.tool and spec.payload not in _WITH_TOOL:
            raise HookFailed(f"there is no tool at {event}; leave `tool` out")
        if entry.command and spec.payload not in _WITH_LINE:
            raise HookFailed(f"there is no shell line at {event}; leave `command` out")


def _refuse_twins(hooks: list[Hook]) -> None:
    *before, last = [hook.name for hook in hooks]
    if last in before:
        raise HookFailed(f"there is a hook {last!r} already; names are for one hook each")


_WITH_LINE = (ToolWanted, CommandStarted, CommandEnded)
_WITH_TOOL = (ToolWanted, ToolEnded, EditSeen)
