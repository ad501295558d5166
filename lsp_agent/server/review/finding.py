"""Which proposal, and which part of it, a person means."""

from dataclasses import dataclass
from pathlib import Path

from lsp_agent.server.convert import path_of
from lsp_agent.server.folders import Folder, Folders
from lsp_agent.server.review.pages import proposal_of
from lsp_agent.server.review.port import Part
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.paths import resolve_in
from mcp_tools.workspace.review import Selection


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a proposal, and the folder that it is about."""

    folder: Folder
    proposal_id: str
    selection: Selection


def find_part(folders: Folders, part: Part) -> Found:
    """Find what is meant; with no proposal named it is the newest, of the document if one is.

    Raises: ExpectedError that says why there is none.
    """
    page_of = proposal_of(part.uri) if part.uri else None
    uri = None if page_of else part.uri
    proposal_id = part.proposal_id or page_of
    if proposal_id is None:
        return _newest_in(folders, uri, part.hunk_id) if uri else _newest(folders, part.hunk_id)
    folder = folder_of(folders, proposal_id)
    path = path_in(folder.workspace.root, uri)
    return Found(folder, proposal_id, Selection(path, part.hunk_id))


def folder_of(folders: Folders, proposal_id: str) -> Folder:
    """Give the folder that a proposal is about.

    Raises: NotFound.
    """
    for folder in folders.all():
        try:
            folder.workspace.proposal(proposal_id)
        except NotFound:
            continue
        return folder
    raise NotFound(f"no proposal {proposal_id!r} waits for review; it may be settled")


def path_in(root: Path, uri: str | None) -> Path | None:
    """Give the canonical path of a document, None without one.

    Raises: NotFound if it is no file; OutsideWorkspace.
    """
    if uri is None:
        return None
    path = path_of(uri)
    if path is None:
        raise NotFound(f"expected the address of a file, got {uri!r}")
    return resolve_in(root, path)


def _newest_in(folders: Folders, uri: str, hunk_id: str | None) -> Found:
    found = folders.find(uri)
    for folder, path in (found, *folders.showing(uri)):
        for proposal in reversed(folder.workspace.open_proposals()):
            if path in proposal.files:
                return Found(folder, proposal.id, Selection(path, hunk_id))
    raise NotFound(f"nothing waits for review in {found[1].name!r}")


def _newest(folders: Folders, hunk_id: str | None) -> Found:
    waiting = [(f, f.workspace.open_proposals()) for f in folders.all()]
    found = [(folder, proposals[-1]) for folder, proposals in waiting if proposals]
    if not found:
        raise NotFound("nothing waits for review")
    if len(found) > 1:
        raise NotFound(
            "proposals wait in more than one folder; expected `proposalId` or `uri` to name one"
        )
    folder, proposal = found[0]
    return Found(folder, proposal.id, Selection(None, hunk_id))
