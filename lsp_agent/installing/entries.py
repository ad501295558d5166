"""What a settings file becomes with an entry of ours, or without it.

Nothing is written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from lsp_agent.installing.client import Client, is_ours, launch_of
from lsp_agent.installing.formats import UnusableSettings
from mcp_tools.types.errors import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A settings file before and after."""

    text: str
    """The whole new text."""
    before: object
    """The entry that was there; None if there was none."""
    after: Mapping[str, object] | None
    """The entry that is there then; None if there is none."""

    @property
    def is_none(self) -> bool:
        """Whether nothing changes."""
        return self.before == self.after


def with_entry(
    client: Client, text: str, name: str, argv: Sequence[str], *, may_replace: str = "ours"
) -> Change:
    """Give the change by which a client starts `argv` under a name.

    What a person has added to our own entry stays in it, such as variables. `may_replace` is
    `ours`, or `anything` to put it in the place of an entry that starts something else too.
    Raises: UnusableSettings, Denied.
    """
    before = entry_of(client, text, name)
    entry = client.make_entry(argv)
    if before is not None and not is_ours(before):
        if may_replace != "anything":
            raise Denied(
                f"there is an entry {name!r} already, which starts {described(before)}; take "
                "another name by --name, or replace it by --force"
            )
        before_ours: Mapping[str, object] = {}
    else:
        before_ours = cast(Mapping[str, object], before or {})
    after = {**before_ours, **entry}
    edits: list[tuple[Sequence[str], object]] = [((client.table, name), entry)]
    if before_ours:
        changed = [key for key, value in entry.items() if before_ours.get(key) != value]
        edits = [((client.table, name, key), entry[key]) for key in changed]
    new = text
    for keys, value in edits:
        new = client.format.with_value(new, keys, value)
    _expect(client, new, _with(client, text, name, after))
    return Change(text=new, before=before, after=after)


def without_entry(client: Client, text: str, name: str) -> Change:
    """Give the change that takes our entry of a name out, and nothing else.

    Raises: UnusableSettings; Denied if the entry starts something else.
    """
    before = entry_of(client, text, name)
    if before is None:
        return Change(text=text, before=None, after=None)
    if not is_ours(before):
        raise Denied(
            f"the entry {name!r} starts {described(before)}, so it is not taken out: it is not ours"
        )
    new = client.format.without(text, (client.table, name))
    data = client.format.read(text)
    table = {k: v for k, v in _table(data.get(client.table)).items() if k != name}
    _expect(client, new, {**data, client.table: table})
    return Change(text=new, before=before, after=None)


def our_entries(client: Client, text: str) -> Mapping[str, object]:
    """Give the entries of ours by their names.

    Raises: UnusableSettings.
    """
    table = _table(client.format.read(text).get(client.table))
    return {name: entry for name, entry in table.items() if is_ours(entry)}


def entry_of(client: Client, text: str, name: str) -> object:
    """Give the entry of a name; None if there is none.

    Raises: UnusableSettings.
    """
    return _table(client.format.read(text).get(client.table)).get(name)


def described(entry: object) -> str:
    """Give what an entry starts, for a person; the variables in it may be secret and stay out."""
    argv = launch_of(entry)
    return "something else" if argv is None else repr(" ".join(argv[:3]))


def shown(client: Client, name: str, entry: object) -> str:
    """Give an entry as it stands in a file of its own."""
    return client.format.with_value("", (client.table, name), entry).strip()


def _with(client: Client, text: str, name: str, entry: object) -> Mapping[str, object]:
    data = client.format.read(text)
    return {**data, client.table: {**_table(data.get(client.table)), name: entry}}


def _expect(client: Client, text: str, data: Mapping[str, object]) -> None:
    """See that a new text says what it should: a wrong one would lose somebody's settings."""
    if _without_nothing(client.format.read(text), client) != _without_nothing(data, client):
        raise UnusableSettings("cannot be changed without changing more; add the entry by hand")


def _without_nothing(data: Mapping[str, object], client: Client) -> Mapping[str, object]:
    """Leave out a table without entries: in TOML it need not be written."""
    return {k: v for k, v in data.items() if k != client.table or v != {}}


def _table(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
