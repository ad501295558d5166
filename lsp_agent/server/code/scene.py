"""What one question is asked about: a codebase, a file of it, and the client's terms."""

from dataclasses import dataclass

from lsprotocol import types as lsp

from lsp_agent.server.client import ClientAbilities
from lsp_agent.server.code.positions import Json
from lsp_agent.server.code.wire import Wire
from lsp_agent.server.convert import Encoding, to_offset
from mcp_tools.ports import TypeOracle
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A codebase as it was when the question came; used in a worker thread."""

    codebase: CodebaseView
    file: str
    wire: Wire
    abilities: ClientAbilities
    encoding: Encoding | str
    types: TypeOracle

    @property
    def is_source(self) -> bool:
        """Whether the file is one that can be asked about."""
        return self.codebase.facts(self.file) is not None

    def offset(self, position: lsp.Position) -> int:
        """Give the offset of a position in the file.

        Raises: StaleEdit, NotFound.
        """
        return to_offset(self.codebase.document(self.file).lines, position, self.encoding)

    def range(self, span: Span) -> Json:
        """Give the range of a span of the file.

        Raises: StaleEdit, NotFound.
        """
        lines = self.codebase.document(self.file).lines
        return self.wire.positions.range(self.file, lines.place(span.start), lines.place(span.end))

    def name_of(self, term: int | None) -> Span | None:
        """Give the span of the name that an occurrence shows."""
        facts = self.codebase.facts(self.file)
        if term is None or facts is None:
            return None
        start = facts.starts[term]
        return Span(start, start + len(facts.names[facts.a[term]]))
