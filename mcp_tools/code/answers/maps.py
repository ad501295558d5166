"""The most important definitions of a code base, as an answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import place_text, short_detail
from mcp_tools.code.answers.listing import Detail, Entry, Listing
from mcp_tools.code.answers.wording import counted
from mcp_tools.code.navigation.repo_map import MappedFile, RepoMapWish, repo_map
from mcp_tools.types.codebase import CodebaseView

_PLACES_SHARE = 0.25
"""The part of a map that its line numbers take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapData:
    """A file of a map."""

    path: str
    symbols: tuple[ItemData, ...]
    """In the order of the text; what they are in is among them."""


def draw_map(
    codebase: CodebaseView, *, files: Iterable[str], words: str, max_tokens: int
) -> Listing[MapData]:
    """Draw a map of the code that fits a number of tokens.

    It prefers what has to do with some files (or folders) and words. Raises: StaleEdit.
    """
    n_tokens = int(max_tokens * (1 - _PLACES_SHARE))
    found = repo_map(codebase, RepoMapWish(files=tuple(files), words=words, max_tokens=n_tokens))
    n_symbols = sum(len(mapped.items) for mapped in found.files)
    shown = f"{counted(n_symbols, 'symbol')} of {counted(len(found.files), 'file')}"
    return Listing(
        head=f"{shown}, the most used of {counted(found.n_files, 'file')} in all",
        entries=[_entry(mapped) for mapped in found.files],
        notes=index_notes(found.state),
        stamps=[str(codebase.revision)],
    )


def _entry(mapped: MappedFile) -> Entry[MapData]:
    def data(detail: Detail) -> MapData:
        items = () if detail is Detail.PLACES else mapped.items
        return MapData(path=mapped.file, symbols=tuple(item_data(item) for item in items))

    return Entry(
        file="",
        place=mapped.file,
        full=lambda: "".join(_lines(mapped)),
        first_line=lambda: ", ".join(item.path for item in mapped.items),
        data=data,
    )


def _lines(mapped: MappedFile) -> Iterable[str]:
    for item in mapped.items:
        indent = " " * (1 + item.path.count("/"))
        yield f"\n{indent}{place_text(item)} {short_detail(item) or item.name}"
