"""New source in the place of a definition."""

from mcp_tools.code.refactoring.blocks import BLOCK_KINDS, block_of
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.code.refactoring.fitting import fitted, names_defined, statements_of
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import Span


def replace_symbol(codebase: CodebaseView, file: str, symbol: int, source: str) -> Refactoring:
    """Put source in the place of a definition; `symbol` is its number in the file's facts.

    The source is moved to the indentation of the definition. Without decorators of its own it
    keeps those that are there; comments above stay.
    Raises: InvalidEdit if the source has a syntax error, or is not one definition of the same
        name; NotFound.
    """
    draft = Draft(codebase)
    facts = draft.facts(file)
    document = draft.document(file)
    row, name = facts.symbols[symbol], facts.names[facts.symbols[symbol].name]
    block = block_of(document, facts, symbol, with_comments=False)
    text = fitted(document, source, block.indent)
    _check_name(names_defined(statements_of(document, fitted(document, source, ""))), name)
    keeps = row.kind in BLOCK_KINDS and not text.lstrip().startswith("@")
    start = block.header if keeps else block.span.start
    new_text = text.removeprefix(block.indent) if keeps else text
    draft.replace(file, Span(start, block.span.end), new_text)
    return draft.finish(f"Replace {name}")


def _check_name(names: list[str], name: str) -> None:
    if [*dict.fromkeys(names)] != [name]:
        found = ", ".join(repr(found) for found in names if found) or "no definition"
        raise InvalidEdit(
            f"expected source that defines {name!r} alone, got {found}; use rename_symbol for "
            "another name, and insert_symbol for more definitions"
        )
