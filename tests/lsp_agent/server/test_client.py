"""What is read from the capabilities of a client."""

from dataclasses import asdict

from lsprotocol import types as lsp

from lsp_agent.server.client import abilities_of
from tests.lsp_agent.server.reviewing import PLAIN, VSCODE


def test_a_client_that_says_nothing_can_do_nothing() -> None:
    found = asdict(abilities_of(lsp.ClientCapabilities()))
    assert not any(found.values())


def test_what_bears_on_review_is_read() -> None:
    found = abilities_of(VSCODE.capabilities)
    assert found.reads_virtual_documents
    assert found.registers_code_actions
    assert not found.registers_code_lenses
    assert found.refreshes_code_lenses
    assert found.confirms_changes
    plain = abilities_of(PLAIN.capabilities)
    assert plain.shows_documents
    assert not plain.reads_virtual_documents
    assert not plain.registers_code_actions
    assert not plain.refreshes_code_lenses
    assert not plain.confirms_changes
