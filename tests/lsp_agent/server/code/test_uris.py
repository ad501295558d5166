"""URIs of many files."""

from pathlib import Path

from lsp_agent.server.code.uris import Uris
from lsp_agent.server.convert import uri_of


def test_an_open_document_is_named_as_its_editor_does() -> None:
    known: dict[str, str] = {}
    uris = Uris(known, {"/a/open.py": "file:///link/open.py"})
    assert uris.of("/a/open.py") == "file:///link/open.py"
    assert uris.of("/a/b c.py") == uri_of(Path("/a/b c.py"))
    assert set(known) == {"/a/b c.py"}


def test_a_path_without_special_characters_has_the_same_uri() -> None:
    for path in ("/a/b-c_d.e~f/g.py", "/a/%41.py", "/a/é.py", "/a b"):
        assert Uris({}, {}).of(path) == uri_of(Path(path))
