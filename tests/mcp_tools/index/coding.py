"""A small code base on disk, and indexes over it."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

LONG_AGO_NS = 1_600_000_000_000_000_000


@dataclass
class Code:
    """A folder with source files, and a place for databases beside it."""

    root: Path
    cache: Path
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True)
        self.workspace = Workspace(DiskSource(self.root))
        self.root = self.workspace.root

    @property
    def database(self) -> Path:
        """Where the index is kept."""
        return self.cache / "index.db"

    def write(self, files: Mapping[str, str], *, at_ns: int = LONG_AGO_NS) -> None:
        """Write files that look old, so that their state is proof enough of their text."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            os.utime(path, ns=(at_ns, at_ns))

    @contextmanager
    def index(self, *, n_workers: int = 0) -> Generator[Index]:
        """Open an index that is kept on disk."""
        index = Index(self.root, self.database, n_workers=n_workers)
        try:
            yield index
        finally:
            index.close()

    def view(self, index: Index, proposal_id: str | None = None) -> CodebaseView:
        """Give what the index shows now."""
        return index.view(self.workspace.snapshot(proposal_id))


def names_found(view: CodebaseView, query: str) -> list[str]:
    """Give the places of the definitions that a search finds, the best first."""
    return [f"{hit.file}:{hit.name}" for hit in view.find_symbols(query, 20)]
