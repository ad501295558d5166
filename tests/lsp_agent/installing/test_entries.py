"""Entries of ours: added, renewed and taken out, and nobody else's touched."""

import json
from typing import cast

import pytest

from lsp_agent.installing.entries import our_entries, shown, with_entry, without_entry
from lsp_agent.installing.formats import UnusableSettings
from lsp_agent.installing.registry import client_names, client_of
from mcp_tools.types.errors import Denied

ARGV = ("/bin/lsp-agent", "mcp", "--level", "edit")
CURSOR = client_of("cursor")


def _text(entry: object) -> str:
    return json.dumps({"mcpServers": {"a": entry, "other": {"command": "x"}}}, indent=2)


@pytest.mark.parametrize("name", client_names())
def test_every_client_gets_an_entry_that_is_known_again(name: str) -> None:
    client = client_of(name)
    change = with_entry(client, "", "a", ARGV)
    assert not change.is_none
    assert our_entries(client, change.text) == {"a": change.after}
    assert with_entry(client, change.text, "a", ARGV).is_none
    assert shown(client, "a", change.after) == change.text.strip()
    out = without_entry(client, change.text, "a")
    assert our_entries(client, out.text) == {}
    assert without_entry(client, out.text, "a").is_none


def test_what_a_person_added_to_our_entry_stays() -> None:
    text = _text({"command": "/old/lsp-agent", "args": ["mcp"], "env": {"A": "1"}})
    change = with_entry(CURSOR, text, "a", ARGV)
    entry = cast(dict[str, object], our_entries(CURSOR, change.text)["a"])
    assert entry["env"] == {"A": "1"}
    assert (entry["command"], entry["args"]) == (ARGV[0], list(ARGV[1:]))
    assert '"other": {\n      "command": "x"' in change.text


@pytest.mark.parametrize(
    "entry",
    [
        {"command": "npx", "args": ["lsp-agent", "mcp"]},
        {"command": "lsp-agent", "args": ["lsp"]},
        {"command": "/bin/lsp-agent-evil", "args": ["mcp"]},
        {"url": "https://example.org/mcp"},
        {"command": ["lsp-agent", 1]},
        {"command": []},
        "lsp-agent mcp",
    ],
)
def test_an_entry_of_somebody_else_is_left_alone(entry: object) -> None:
    text = _text(entry)
    with pytest.raises(Denied, match="--force"):
        with_entry(CURSOR, text, "a", ARGV)
    with pytest.raises(Denied, match="not ours"):
        without_entry(CURSOR, text, "a")
    forced = with_entry(CURSOR, text, "a", ARGV, may_replace="anything")
    assert our_entries(CURSOR, forced.text) == {"a": CURSOR.make_entry(ARGV)}


@pytest.mark.parametrize(
    "entry",
    [
        {"command": "lsp-agent", "args": ["mcp"]},
        {"command": "C:\\bin\\lsp-agent.exe", "args": ["mcp"]},
        {"command": "/venv/bin/python", "args": ["-m", "lsp_agent", "mcp"]},
        {"command": "/venv/bin/python", "args": ["-P", "-m", "lsp_agent", "mcp"]},
        {"command": ["/bin/lsp-agent", "mcp"]},
    ],
)
def test_every_way_to_start_us_is_ours(entry: object) -> None:
    assert list(our_entries(CURSOR, _text(entry))) == ["a"]


def test_variables_of_another_entry_are_not_shown() -> None:
    text = _text(
        {"command": "x", "args": ["1", "2", "3 is --token=secret"], "env": {"K": "secret"}}
    )
    with pytest.raises(Denied) as caught:
        with_entry(CURSOR, text, "a", ARGV)
    assert "secret" not in str(caught.value)
    assert "'x 1 2'" in str(caught.value)


@pytest.mark.parametrize("text", ["{", '{"mcpServers": 1}', '{"mcpServers": {}, "mcpServers": {}}'])
def test_a_file_that_is_not_understood_is_not_changed(text: str) -> None:
    with pytest.raises(UnusableSettings):
        with_entry(CURSOR, text, "a", ARGV)
