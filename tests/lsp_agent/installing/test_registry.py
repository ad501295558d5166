"""Which clients are known."""

from lsp_agent.installing.registry import client_names, client_of


def test_each_file_is_a_client_of_its_name() -> None:
    names = ["claude-code", "codex", "cursor", "gemini", "opencode", "vscode", "zed"]
    assert client_names() == names
    assert [client_of(name).name for name in names] == names
