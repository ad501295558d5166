"""The removal of a definition that nothing uses any more."""

from dataclasses import dataclass

from mcp_tools.code.navigation.references import references
from mcp_tools.code.navigation.results import Site
from mcp_tools.code.refactoring.blocks import Block
from mcp_tools.code.refactoring.cutting import blocks_of, cut, is_within
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.code.refactoring.mentions import MentionKind, mentions
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit

_MAX_SHOWN_PLACES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOptions:
    """What may be deleted."""

    even_if_used: bool = False
    """Delete it also when it is used; the uses are listed and left."""


def delete_symbol(
    codebase: CodebaseView, target: Target, options: DeleteOptions | None = None
) -> Refactoring:
    """Remove all definitions of a target, with decorators and the comments directly above.

    A body that would be empty gets `pass`.
    Raises: InvalidEdit, with the places, if it is used outside of its own text; if other code
        stands on its lines; or if it is a module or a parameter.
    """
    draft = Draft(codebase)
    blocks = blocks_of(draft, target)
    answer = references(codebase, target, include_declarations=False)
    used = [site for site in answer.sites if not is_within(site.file, site.span.start, blocks)]
    if used and not (options or DeleteOptions()).even_if_used:
        raise InvalidEdit(
            f"{target.name!r} is still used, so it is not deleted:\n{shown_sites(draft, used)}"
        )
    for site in used:
        draft.leave(site.file, site.span.start, f"{target.name!r} is used here")
    for site in answer.textual:
        if not is_within(site.file, site.span.start, blocks):
            draft.leave(site.file, site.span.start, "what the name means here is not known")
    draft.note_state(answer.state)
    _note_family(codebase, draft, target)
    cut(draft, blocks)
    _leave_mentions(draft, target, blocks)
    return draft.finish(f"Delete {target.name}")


def shown_sites(draft: Draft, sites: list[Site]) -> str:
    """Give places for a message, a line each, the first ones if there are many."""
    shown: list[str] = []
    for site in sites[:_MAX_SHOWN_PLACES]:
        line = draft.document(site.file).lines.line_text(site.place.line).strip()
        shown.append(f"{site.file}:{site.place.line + 1}: {line}")
    n_more = len(sites) - _MAX_SHOWN_PLACES
    return "\n".join([*shown, *([f"and {n_more} more"] if n_more > 0 else [])])


def _note_family(codebase: CodebaseView, draft: Draft, target: Target) -> None:
    resolver = Resolver(codebase)
    for above in resolver.overridden(target)[:1]:
        draft.note(f"{target.name!r} overrides one in {above.file!r}, which is used from now on")
    if below := resolver.overrides(target):
        draft.note(f"{len(below)} definitions override {target.name!r} and stay")


def _leave_mentions(draft: Draft, target: Target, blocks: dict[str, list[Block]]) -> None:
    for file in blocks:
        facts = draft.facts(file)
        for mention in mentions(draft.document(file), facts, target.name):
            is_own = is_within(file, mention.span.start, blocks)
            if mention.kind is not MentionKind.COMMENT and not is_own:
                why = f"the word stands in a {mention.kind.value}"
                draft.leave(file, mention.span.start, why)
