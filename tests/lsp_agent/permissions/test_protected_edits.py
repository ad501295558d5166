"""The protected files of real changes."""

from pathlib import Path

import pytest

from lsp_agent.permissions.protected import Kind
from lsp_agent.permissions.protected_edits import protected_files
from mcp_tools.registry import discover
from mcp_tools.types.calls import EditEffect, ToolCall
from mcp_tools.types.contents import Folder, Link
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    FileChange,
    ModifyFile,
    SetContent,
    TextEdit,
)
from mcp_tools.types.text import Span, digest_of
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

(TOOL,) = [tool for tool in discover() if tool.name == "edit_file"]
PACKAGE = '{"version": "1", "scripts": {"a": "b"}}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text(PACKAGE, encoding="utf-8")
    return tmp_path.resolve()


def names(root: Path, *files: FileChange, is_known: bool = True) -> list[str]:
    snapshot = Workspace(DiskSource(root)).snapshot() if is_known else None
    effect = EditEffect(
        tool=TOOL,
        call=ToolCall(id="1", name="it", arguments={}),
        changes=ChangeSet(label="it", files=files),
        snapshot=snapshot,
    )
    return [each.path.relative_to(root).as_posix() for each in protected_files(effect, root)]


def modified(root: Path, old: str, new: str, **others: int) -> ModifyFile:
    at = PACKAGE.index(old)
    edit = TextEdit(Span(at, at + len(old)), new)
    base = digest_of(PACKAGE)
    return ModifyFile(path=root / "package.json", base=base, edits=(edit,), **others)


def test_a_file_of_every_day_is_judged_by_what_changes(root: Path) -> None:
    assert names(root, modified(root, '"1"', '"2"')) == []
    assert names(root, modified(root, '"b"', '"evil"')) == ["package.json"]


def test_without_the_text_before_it_is_protected(root: Path) -> None:
    assert names(root, modified(root, '"1"', '"2"'), is_known=False) == ["package.json"]


def test_a_stale_edit_or_a_change_of_the_mode_is_not_harmless(root: Path) -> None:
    assert names(root, modified(root, '"1"', '"2"', mode=0o755)) == ["package.json"]
    change = modified(root, '"1"', '"2"')
    (root / "package.json").write_text("other", encoding="utf-8")
    assert names(root, change) == ["package.json"]


def test_one_harmless_file_hides_no_other(root: Path) -> None:
    made = CreateFile(path=root / ".envrc", text="")
    assert names(root, modified(root, '"1"', '"2"'), made) == [".envrc"]


@pytest.mark.parametrize(
    ("name", "target", "is_protected"),
    [
        ("a", "b", False),
        ("a/b", "../c", False),
        ("a", ".git/config", True),
        ("a", "sub/../.git", True),
        ("a", "../elsewhere", True),
        ("a", "/etc/passwd", True),
        (".github", "evil", True),
        ("a", ".github", True),
        (".envrc", "b", True),
    ],
)
def test_a_link_is_judged_by_its_name_and_by_where_it_leads(
    root: Path, name: str, target: str, *, is_protected: bool
) -> None:
    link = SetContent(path=root / name, base=None, content=Link(target))
    assert names(root, link)[:1] == ([name] if is_protected else [])


def test_a_link_to_a_file_of_the_system_is_out_of_bounds(root: Path) -> None:
    link = SetContent(path=root / "a", base=None, content=Link("/home/me/.ssh"))
    changes = ChangeSet(label="it", files=(link,))
    call = ToolCall(id="1", name="it", arguments={})
    (found,) = protected_files(EditEffect(tool=TOOL, call=call, changes=changes), root)
    assert found.protection.kind is Kind.SYSTEM


def test_a_folder_is_protected_by_its_name_alone(root: Path) -> None:
    plain = SetContent(path=root / ".github", base=None, content=Folder())
    assert names(root, plain) == []
    assert names(root, SetContent(path=root / ".husky", base=None, content=Folder())) == [".husky"]
