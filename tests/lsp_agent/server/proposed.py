"""Reviews of made-up proposals, over a real workspace."""

from collections.abc import Mapping
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.proposals import Proposal, wish_between
from mcp_tools.workspace.review import Review, review_of
from mcp_tools.workspace.workspace import Put, Workspace

Texts = Mapping[str, str | None]


def proposed(root: Path, before: Texts, after: Texts, label: str = "Change") -> Workspace:
    """Write files, and propose other texts for them; None stands for no file."""
    for name, text in before.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text.encode())
    workspace = Workspace(DiskSource(root))
    files = {
        workspace.root / name: wish_between(_state(before.get(name)), _state(text))
        for name, text in after.items()
    }
    workspace.apply(Put(Proposal(id="p", label=label, files=files)))
    return workspace


def review(workspace: Workspace) -> Review:
    """Give the review of the only proposal."""
    return review_of(workspace, "p")


def _state(text: str | None) -> State | None:
    return None if text is None else State(content=text)
