"""Questions about code as the features see them: a port, so that features stay light."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from lsprotocol import types as lsp

from lsp_agent.server.code.ready import Ready, Refused

Answer: TypeAlias = Ready | Refused


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document, as the client names it."""

    uri: str
    position: lsp.Position


class Placed(Protocol):
    """Params of any request that is about a place."""

    @property
    def text_document(self) -> lsp.TextDocumentIdentifier:
        """The document."""
        ...

    @property
    def position(self) -> lsp.Position:
        """The place in it."""
        ...


def spot_of(params: Placed) -> Spot:
    """Give the place that a request is about."""
    return Spot(params.text_document.uri, params.position)


class CodeDesk(Protocol):
    """What the features ask about code.

    Each answers `null` where there is nothing to say: no Python, no file, no name at the place, a
    feature that is switched off. It refuses with `ContentModified` when the document was changed
    while the answer was worked out.
    """

    async def document_symbols(self, uri: str) -> Answer:
        """Give the outline of a document."""
        ...

    async def workspace_symbols(self, query: str) -> Answer:
        """Give the definitions whose names match, best first."""
        ...

    async def definition(self, spot: Spot) -> Answer:
        """Give where the name at a place is defined."""
        ...

    async def references(self, spot: Spot, context: lsp.ReferenceContext) -> Answer:
        """Give where the thing at a place is named."""
        ...

    async def implementations(self, spot: Spot) -> Answer:
        """Give what implements or overrides the thing at a place."""
        ...

    async def call_items(self, spot: Spot) -> Answer:
        """Give the function or class at a place, to ask for its calls."""
        ...

    async def incoming_calls(self, item: lsp.CallHierarchyItem) -> Answer:
        """Give who calls it."""
        ...

    async def outgoing_calls(self, item: lsp.CallHierarchyItem) -> Answer:
        """Give what it calls."""
        ...

    async def type_items(self, spot: Spot) -> Answer:
        """Give the class at a place, to ask for its relatives."""
        ...

    async def supertypes(self, item: lsp.TypeHierarchyItem) -> Answer:
        """Give the classes that it is directly made from."""
        ...

    async def subtypes(self, item: lsp.TypeHierarchyItem) -> Answer:
        """Give the classes that are directly made from it."""
        ...

    async def hover(self, spot: Spot) -> Answer:
        """Give what is known of the name at a place."""
        ...

    async def prepare_rename(self, spot: Spot) -> Answer:
        """Give the range and the text of the name at a place; refuses what cannot be renamed."""
        ...

    async def rename(self, spot: Spot, new_name: str) -> lsp.WorkspaceEdit | Answer:
        """Give the edit that renames the thing at a place; refuses with the reason."""
        ...

    async def caller_lenses(self, uri: str) -> Sequence[dict[str, object]]:
        """Give a lens, still without a title, for each function and class of a document.

        They are JSON of the protocol already, as there may be many.
        """
        ...

    async def resolve_lens(self, lens: lsp.CodeLens) -> lsp.CodeLens:
        """Count the callers of one lens; one that is complete is given back."""
        ...
