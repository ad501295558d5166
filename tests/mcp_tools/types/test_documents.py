"""Documents as values."""

from pathlib import Path

from mcp_tools.types.documents import Document
from mcp_tools.types.text import digest_of


def test_a_document_knows_its_digest_and_its_lines() -> None:
    document = Document(path=Path("/a"), text="a\r\nb")
    assert document.digest == digest_of("a\r\nb")
    assert document.lines.line_text(1) == "b"
    assert document.lines is document.lines
