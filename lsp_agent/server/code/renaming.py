"""Renaming: what can be renamed, the edit, and what to tell of the places it leaves alone."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types as lsp

from lsp_agent.server.code.ready import NOTHING, Ready, ready
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.workspace_edits import EditTerms, workspace_edit
from mcp_tools.code.navigation.references import target_at
from mcp_tools.code.refactoring.result import Refactoring, Unresolved
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.errors import InvalidEdit, NotFound
from mcp_tools.types.text import Span

_MAX_TOLD_PLACES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """An edit, and what a person must know of it."""

    edit: lsp.WorkspaceEdit
    warning: str
    """Places that were left alone; empty if there are none."""
    remarks: Sequence[str]


def prepare_rename(scene: Scene, position: lsp.Position) -> Ready:
    """Give the range and the text of the name at a place.

    Raises: NotFound, InvalidEdit that say why nothing there can be renamed.
    """
    if not scene.is_source:
        return NOTHING
    span, target = _subject(scene, position)
    if target.file.startswith("/"):
        raise InvalidEdit(f"{_shown(target)!r} is defined outside of the workspace")
    text = scene.codebase.document(scene.file).text[span.start : span.end]
    return ready({"range": scene.range(span), "placeholder": text})


def rename(scene: Scene, position: lsp.Position, new_name: str) -> Renamed | None:
    """Rename the thing at a place; None for a document that is no source.

    Raises: ExpectedError that says why it cannot be done.
    """
    if not scene.is_source:
        return None
    _, target = _subject(scene, position)
    # Loaded here, as few questions of an editor are renames.
    refactoring = importlib.import_module("mcp_tools.code.refactoring.rename")
    found: Refactoring = refactoring.rename(scene.codebase, target, new_name)
    terms = EditTerms(
        snapshot=scene.codebase.snapshot,
        uris=scene.wire.uris,
        abilities=scene.abilities,
        encoding=scene.encoding,
    )
    return Renamed(
        edit=workspace_edit(found.changes, terms), warning=_warning(found), remarks=found.notes
    )


def _subject(scene: Scene, position: lsp.Position) -> tuple[Span, Target]:
    offset = scene.offset(position)
    term = Resolver(scene.codebase).term_at(scene.file, offset)
    span = scene.name_of(term)
    if term is None or span is None:
        raise NotFound("there is no name here that could be renamed")
    target = target_at(scene.codebase, scene.file, offset)
    if target is None:
        name = scene.codebase.document(scene.file).text[span.start : span.end]
        raise NotFound(f"what {name!r} means could not be found out, so it cannot be renamed")
    return span, target


def _shown(target: Target) -> str:
    return target.file if target.scope == MODULE else target.name


def _warning(found: Refactoring) -> str:
    places = found.unresolved
    if not places:
        return ""
    shown = "; ".join(_place(place) for place in places[:_MAX_TOLD_PLACES])
    n_more = len(places) - _MAX_TOLD_PLACES
    more = f" and {n_more} more" if n_more > 0 else ""
    count = "1 place was" if len(places) == 1 else f"{len(places)} places were"
    return f"{count} left alone by the rename, look at them: {shown}{more}"


def _place(place: Unresolved) -> str:
    return f"{place.file}:{place.line + 1} ({place.why})"
