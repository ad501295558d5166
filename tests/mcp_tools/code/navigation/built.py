"""A small code base whose index is whole, for what a search by name gives then."""

from collections.abc import Mapping
from pathlib import Path

from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace
from tests.support.codebases import codebase_of


def built_codebase(files: Mapping[str, str], tmp_path: Path) -> CodebaseView:
    """Write files as `codebase_of` does, and read all of them before anything is asked."""
    codebase_of(files, tmp_path)
    workspace = Workspace(DiskSource(tmp_path))
    index = Index(workspace.root, None, n_workers=0)
    index.build()
    return index.view(workspace.snapshot())
