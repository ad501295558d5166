"""A small code base on disk with a real index over it."""

from collections.abc import Mapping
from pathlib import Path

from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace


def codebase_of(files: Mapping[str, str], tmp_path: Path) -> CodebaseView:
    """Write files, each by its path relative to `tmp_path`, and give them indexed in memory."""
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    workspace = Workspace(DiskSource(tmp_path))
    index = Index(workspace.root, None, n_workers=0)
    return index.view(workspace.snapshot())
