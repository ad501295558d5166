"""TOML settings: one value changes, and nothing that a person has written around it."""

import pytest
from inline_snapshot import snapshot

from lsp_agent.installing.formats import UnusableSettings
from lsp_agent.installing.toml_settings import TomlSettings

FORMAT = TomlSettings()
ENTRY = {"command": "/bin/a", "args": ["mcp"]}
KEYS = ("mcp_servers", "a")
COMMENTED = """\
# Mine.
model = "m"   # the best

[mcp_servers.other]
command = "x"
args = [
  "one", # why
]

[tui]
theme = 'dark'
"""


def test_a_new_entry_leaves_comments_and_style_alone() -> None:
    assert FORMAT.with_value(COMMENTED, KEYS, ENTRY) == snapshot("""\
# Mine.
model = "m"   # the best

[mcp_servers.other]
command = "x"
args = [
  "one", # why
]

[mcp_servers.a]
command = "/bin/a"
args = ["mcp"]

[tui]
theme = 'dark'
""")


def test_one_value_of_an_entry_changes_alone() -> None:
    changed = FORMAT.with_value(COMMENTED, ("mcp_servers", "other", "command"), "y")
    assert changed == COMMENTED.replace('"x"', '"y"')


@pytest.mark.parametrize(
    "before",
    [
        "",
        "a = 1",
        "[mcp_servers]\n",
        "mcp_servers = {}\n",
        'mcp_servers.b.command = "x"\n',
        '[mcp_servers.b]\ncommand = "x"\n\n[tui]\nx = 1\n\n[mcp_servers.c]\ncommand = "y"\n',
        "a = 1\r\n[tui]\r\nx = 1\r\n",
    ],
)
def test_an_entry_goes_into_and_out_of_any_layout(before: str) -> None:
    data = dict(FORMAT.read(before))
    changed = FORMAT.with_value(before, KEYS, ENTRY)
    table = data.get("mcp_servers", {})
    assert isinstance(table, dict)
    assert FORMAT.read(changed) == {**data, "mcp_servers": {**table, "a": ENTRY}}
    assert changed.count("\r\n") == (changed.count("\n") if "\r\n" in before else 0)
    left = dict(FORMAT.read(FORMAT.without(changed, KEYS)))
    assert left.pop("mcp_servers", {}) == data.pop("mcp_servers", {})
    assert left == data


def test_faults_are_told_with_their_place() -> None:
    with pytest.raises(UnusableSettings, match="line 2, column 5"):
        FORMAT.read("a = 1\nb = \n")
    with pytest.raises(UnusableSettings, match="line 2"):
        FORMAT.with_value("a = 1\nb = \n", KEYS, ENTRY)
    with pytest.raises(UnusableSettings, match="expected 'mcp_servers' to be a table"):
        FORMAT.with_value("mcp_servers = 1\n", KEYS, ENTRY)
    with pytest.raises(UnusableSettings, match=r"there is no 'mcp_servers\.a'"):
        FORMAT.without("[mcp_servers]\n", KEYS)
