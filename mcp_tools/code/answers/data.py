"""What answers about symbols hold, as plain data for programs.

Files are named as in `CodebaseView`; lines and columns count from 1, columns in code points.
"""

from dataclasses import dataclass

from mcp_tools.code.navigation.results import Item, Site
from mcp_tools.types.codebase import IndexState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemData:
    """A definition."""

    path: str
    name_path: str
    """Such as `Class/method`; empty for a module."""
    kind: str
    line: int
    """Line and column of its name."""
    column: int
    start_line: int
    """First and last line of all of it, decorators included."""
    end_line: int
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteData:
    """One place where something is named; the end is behind its last character."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    role: str
    certainty: str
    """`exact`, `inferred`, or `textual` if the name is the same and no more is known."""
    in_symbol: str
    """Name path of the function or class around it; empty at the top of a file."""
    snippet: str | None
    """The line, without the white space around it; None where it was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountData:
    """How many of the entries lie in one file, or folder."""

    path: str
    n_entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutData:
    """A file that no answer knows of, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexData:
    """How much of the workspace the answer knows of."""

    is_complete: bool
    n_files: int
    n_indexed: int
    left_out: tuple[LeftOutData, ...]
    """The first of them."""
    n_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StampData:
    """The text of a file that a body was taken from."""

    path: str
    digest: str


MAX_LEFT_OUT = 10
"""Files that an answer names as left out; of more it says how many there are."""


def item_data(item: Item) -> ItemData:
    """Give a definition as data."""
    return ItemData(
        path=item.file,
        name_path=item.path,
        kind=item.kind.value,
        line=item.place.line + 1,
        column=item.place.column + 1,
        start_line=item.start.line + 1,
        end_line=item.end.line + 1,
        signature=item.detail,
    )


def site_data(site: Site, snippet: str | None) -> SiteData:
    """Give a place as data; names never go over a line end."""
    column = site.place.column + 1
    return SiteData(
        path=site.file,
        line=site.place.line + 1,
        column=column,
        end_line=site.place.line + 1,
        end_column=column + site.span.end - site.span.start,
        role=site.role.name.lower(),
        certainty=site.certainty.value,
        in_symbol=site.enclosing,
        snippet=snippet,
    )


def index_data(state: IndexState) -> IndexData:
    """Give what an answer knows of as data."""
    named = state.left_out[:MAX_LEFT_OUT]
    return IndexData(
        is_complete=state.is_complete,
        n_files=state.n_files,
        n_indexed=state.n_indexed,
        left_out=tuple(LeftOutData(path=item.file, reason=item.reason) for item in named),
        n_left_out=len(state.left_out),
    )
