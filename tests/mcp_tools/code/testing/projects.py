"""Small projects on disk, as the rooms for testing see them."""

from collections.abc import Mapping
from pathlib import Path

from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace


def project_of(files: Mapping[str, str], folder: Path, *, inner: str = ".") -> ProjectFolder:
    """Write files below a folder, and give it, or a folder in it, as a project."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    snapshot = Workspace(DiskSource(folder)).snapshot()
    return ProjectFolder(snapshot, snapshot.resolve(inner))
