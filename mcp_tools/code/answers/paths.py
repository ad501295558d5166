"""How one function comes to call another, as an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from mcp_tools.code.answers.data import ItemData, SiteData, item_data, site_data
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import placed
from mcp_tools.code.answers.listing import Detail, Entry, Listing
from mcp_tools.code.answers.sites import legend, place_text
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.answers.wording import counted
from mcp_tools.code.navigation.call_path import CallPath, CallStep, call_path
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class StepData:
    """One function on the way, and the calls in the one before that lead here."""

    symbol: ItemData
    certainty: str
    sites: tuple[SiteData, ...]
    """In the file of the step before; empty for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFound:
    """The way from one function to another."""

    path: CallPath
    listing: Listing[StepData]


def find_path(codebase: CodebaseView, source: Target, goal: Target) -> PathFound:
    """Find a shortest way of calls.

    Raises: StaleEdit if a file on it has changed since; NotFound.
    """
    found = call_path(codebase, source, goal)
    texts = Texts(codebase)
    steps = found.steps
    listing = Listing(
        head=_head(codebase, source, goal, found),
        entries=list(_entries(steps, texts)),
        notes=(*legend(step.certainty for step in steps), *index_notes(found.state)),
        stamps=[codebase.digest(step.item.file) or "" for step in steps],
    )
    return PathFound(path=found, listing=listing)


def _head(codebase: CodebaseView, source: Target, goal: Target, found: CallPath) -> str:
    if found.steps:
        return f"{counted(len(found.steps) - 1, 'call')} on the way"
    ends = f"{placed(item_of(codebase, source))} to {placed(item_of(codebase, goal))}"
    if found.is_complete:
        return f"no way from {ends} was found"
    return (
        f"no way from {ends} was found among the nearest {found.n_looked_at} functions; "
        "there may be a longer one, so try a function in between"
    )


def _entries(steps: tuple[CallStep, ...], texts: Texts) -> Iterator[Entry[StepData]]:
    if steps:
        yield _entry(None, steps[0], texts)
    for before, step in pairwise(steps):
        yield _entry(before, step, texts)


def _entry(before: CallStep | None, step: CallStep, texts: Texts) -> Entry[StepData]:
    def said() -> str:
        if before is None or not step.sites:
            return ""
        first = step.sites[0]
        return f"<- {first.file}:{place_text(first)} {texts.snippet(first)}"

    def data(detail: Detail) -> StepData:
        has_lines = detail is Detail.FULL
        return StepData(
            symbol=item_data(step.item),
            certainty=step.certainty.value,
            sites=tuple(site_data(s, texts.snippet(s) if has_lines else None) for s in step.sites),
        )

    return Entry(file="", place=placed(step.item), full=said, first_line=lambda: "", data=data)
