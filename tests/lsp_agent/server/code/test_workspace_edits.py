"""Changes as edits that the client makes itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.client import ClientAbilities, abilities_of
from lsp_agent.server.code.uris import Uris
from lsp_agent.server.code.workspace_edits import EditTerms, workspace_edit
from lsp_agent.server.convert import uri_of
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    TextEdit,
)
from mcp_tools.types.errors import InvalidEdit, StaleEdit
from mcp_tools.types.text import Span, digest_of
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import SetBuffer, Workspace

TEXT = 'print("𝄞", area)\n'
NONE = abilities_of(lsp.ClientCapabilities())
ALL = replace(
    NONE,
    declares_versioned_edits=True,
    resource_operations=frozenset({"create", "rename", "delete"}),
)


def terms(root: Path, abilities: ClientAbilities, version: int | None = None) -> EditTerms:
    (root / "a.py").write_text(TEXT, encoding="utf-8")
    workspace = Workspace(DiskSource(root))
    if version is not None:
        workspace.apply(SetBuffer(path=root / "a.py", text=TEXT, version=version))
    return EditTerms(
        snapshot=workspace.snapshot(),
        uris=Uris({}, {}),
        abilities=abilities,
        encoding=lsp.PositionEncodingKind.Utf16,
    )


def changes(*files: FileChange) -> ChangeSet:
    return ChangeSet(label="test", files=files)


def edit_of(root: Path) -> ModifyFile:
    start = TEXT.index("area")
    edit = TextEdit(Span(start, start + 4), "surface")
    return ModifyFile(path=root / "a.py", base=digest_of(TEXT), edits=(edit,))


WIRE = lsp.TextEdit(lsp.Range(lsp.Position(0, 12), lsp.Position(0, 16)), "surface")


@pytest.mark.parametrize(
    ("abilities", "version", "expected"),
    [
        (ALL, 3, 3),
        (ALL, 0, 0),
        (ALL, None, None),
        # It may take 0 for any version, so it is told 1.
        (replace(ALL, declares_versioned_edits=False), 0, 1),
    ],
)
def test_an_edit_names_the_version_that_it_was_computed_for(
    tmp_path: Path, abilities: ClientAbilities, version: int | None, expected: int | None
) -> None:
    edit = workspace_edit(changes(edit_of(tmp_path)), terms(tmp_path, abilities, version))
    (found,) = list(edit.document_changes or [])
    assert isinstance(found, lsp.TextDocumentEdit)
    assert found.text_document.version == expected
    assert list(found.edits) == [WIRE]


def test_a_client_without_document_changes_gets_edits_by_uri(tmp_path: Path) -> None:
    edit = workspace_edit(changes(edit_of(tmp_path)), terms(tmp_path, NONE))
    assert edit == lsp.WorkspaceEdit(changes={uri_of(tmp_path / "a.py"): [WIRE]})


def test_operations_on_files_come_after_the_edits_of_their_texts(tmp_path: Path) -> None:
    old, new = tmp_path / "a.py", tmp_path / "b.py"
    base = digest_of(TEXT)
    change = changes(
        RenameFile(path=old, new_path=new, base=base),
        edit_of(tmp_path),
        CreateFile(path=tmp_path / "c.py", text="x = 1\n"),
        DeleteFile(path=tmp_path / "d.py", base=base),
    )
    edit = workspace_edit(change, terms(tmp_path, ALL))
    names = [type(found).__name__ for found in edit.document_changes or ()]
    expected = ["TextDocumentEdit", "RenameFile", "CreateFile", "TextDocumentEdit", "DeleteFile"]
    assert names == expected


@pytest.mark.parametrize("name", ["rename", "create", "delete"])
def test_an_operation_that_the_client_cannot_make_is_refused(tmp_path: Path, name: str) -> None:
    path, base = tmp_path / "a.py", digest_of(TEXT)
    operations = {
        "rename": RenameFile(path=path, new_path=tmp_path / "b.py", base=base),
        "create": CreateFile(path=tmp_path / "b.py", text=""),
        "delete": DeleteFile(path=path, base=base),
    }
    with pytest.raises(InvalidEdit, match=f"cannot {name} files"):
        workspace_edit(changes(operations[name]), terms(tmp_path, NONE))


def test_an_edit_of_another_text_is_refused(tmp_path: Path) -> None:
    change = replace(edit_of(tmp_path), base=digest_of("other"))
    with pytest.raises(StaleEdit):
        workspace_edit(changes(change), terms(tmp_path, ALL))
