"""The entry that OpenCode reads."""

from lsp_agent.installing.clients.opencode import CLIENT
from lsp_agent.installing.entries import shown

ENTRY = """\
{
  "mcp": {
    "lsp-agent": {
      "type": "local",
      "command": [
        "/bin/lsp-agent",
        "mcp"
      ],
      "enabled": true
    }
  }
}"""


def test_the_entry_is_as_the_client_wants_it() -> None:
    entry = CLIENT.make_entry(("/bin/lsp-agent", "mcp"))
    assert shown(CLIENT, "lsp-agent", entry) == ENTRY


def test_a_project_has_a_file_of_its_own() -> None:
    assert CLIENT.project_files == ("opencode.json", "opencode.jsonc")
