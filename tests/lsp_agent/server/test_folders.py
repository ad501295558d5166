"""Which text each folder shows for a document that the editor has open."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.app import MakeSink, build_engine
from lsp_agent.config.settings import Settings
from lsp_agent.engine.engine import Engine
from lsp_agent.lsp_app import make_desk
from lsp_agent.server.convert import uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.folders import Folders
from lsp_agent.server.main import create_server
from lsp_agent.server.server import AgentServer
from mcp_tools.types.errors import OutsideWorkspace
from mcp_tools.workspace.disk.source import DiskSource


def engine(source: DiskSource, make_sink: MakeSink) -> Engine:
    return build_engine(Settings(model="offline"), source, make_sink)


def connected(*roots: Path) -> tuple[AgentServer, Folders]:
    """Give a server whose editor has these folders open, and the folders."""
    server = create_server("test", make_desk)
    folders = [lsp.WorkspaceFolder(uri=uri_of(root), name=root.name) for root in roots]
    capabilities = lsp.ClientCapabilities()
    params = lsp.InitializeParams(capabilities=capabilities, workspace_folders=folders)
    list(server.wire.lsp_initialize(params))  # Notes the encoding, which `connect` asks for.
    server.connect(params)
    return server, Folders(server, engine)


def opened(server: AgentServer, folders: Folders, uri: str, text: str) -> OpenDocument:
    item = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
    document = server.documents.open(item)
    folders.set_document(document)
    return document


def texts(folders: Folders, path: Path) -> list[str]:
    return [folder.workspace.snapshot().read(path).text for folder in folders.all()]


def test_a_folder_around_another_shows_the_unsaved_text_too(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    path = inner / "a.py"
    path.write_text("saved", encoding="utf-8")
    server, folders = connected(tmp_path, inner)
    document = opened(server, folders, uri_of(path), "unsaved")
    assert texts(folders, path) == ["unsaved", "unsaved"]
    server.documents.close(document.uri)
    folders.close_document(document)
    assert texts(folders, path) == ["saved", "saved"]


def test_a_path_open_under_two_uris_stays_open_until_both_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "é.py"
    path.write_text("saved", encoding="utf-8")
    server, folders = connected(tmp_path)
    first = opened(server, folders, uri_of(path), "unsaved")
    second = opened(server, folders, f"file://{path}", "unsaved")
    assert first.uri != second.uri
    server.documents.close(second.uri)
    folders.close_document(second)
    assert texts(folders, path) == ["unsaved"]
    server.documents.close(first.uri)
    folders.close_document(first)
    assert texts(folders, path) == ["saved"]


def test_a_private_file_of_ours_opens_no_folder(own_home: Path, tmp_path: Path) -> None:
    path = own_home / ".cache" / "lsp-agent" / "reviews" / "a.diff"
    path.parent.mkdir(parents=True)
    (own_home / ".cache" / ".git").mkdir()
    path.write_text("", encoding="utf-8")
    server, folders = connected(tmp_path)
    opened(server, folders, uri_of(path), "> typed")
    with pytest.raises(OutsideWorkspace, match="a document of lsp-agent and of no project"):
        folders.find(uri_of(path))
    assert len(list(folders.all())) == 1


def test_a_file_in_the_home_folder_does_not_open_all_of_home(own_home: Path) -> None:
    (own_home / "a.py").write_text("", encoding="utf-8")
    _, folders = connected()
    with pytest.raises(OutsideWorkspace, match="is never taken for a project"):
        folders.find(uri_of(own_home / "a.py"))
    assert list(folders.all()) == []
