"""What the structured answers of the tools on symbols have in common."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, Field

from mcp_tools.code.answers.data import CountData, IndexData, ItemData, index_data
from mcp_tools.code.answers.listing import Detail, Listing, Page, page_of
from mcp_tools.code.answers.subject import AnswerInput
from mcp_tools.code.arguments import ToolOutput
from mcp_tools.types.calls import Answer
from mcp_tools.types.codebase import IndexState

DataT = TypeVar("DataT")


class ListOutput(ToolOutput):
    """A list that may be shortened."""

    detail: Detail = Field(description="How much is given; `full` unless it was shortened")
    n_total: int = Field(description="How many entries there are")
    n_shown: int = Field(description="How many are in this answer")
    counts: tuple[CountData, ...] = Field(description="Entries a file, where only these fit")
    cursor: str | None = Field(description="Pass it to get the rest, or all in full")
    index: IndexData = Field(description="How much of the workspace the answer knows of")


class ItemsOutput(ListOutput):
    """Definitions."""

    items: tuple[ItemData, ...] = Field(description="Definitions; lines and columns from 1")


def list_answer(
    listing: Listing[DataT],
    arguments: AnswerInput,
    state: IndexState,
    output: Callable[[Page[DataT], dict[str, object]], BaseModel],
) -> Answer:
    """Give the page of a listing that the arguments ask for.

    `output` makes the structured answer out of the page and the fields of `ListOutput`.
    Raises: InvalidEdit, StaleEdit for a cursor that does not fit.
    """
    page = page_of(listing, arguments.wish)
    return Answer(text=page.text, data=output(page, page_fields(page, state)))


def items_answer(listing: Listing[ItemData], arguments: AnswerInput, state: IndexState) -> Answer:
    """Give the page of a list of definitions.

    Raises: InvalidEdit, StaleEdit for a cursor that does not fit.
    """
    return list_answer(
        listing,
        arguments,
        state,
        lambda page, fields: ItemsOutput.model_validate(fields | {"items": page.data}),
    )


def page_fields(page: Page[DataT], state: IndexState) -> dict[str, object]:
    """Give the fields of `ListOutput` for a page."""
    return {
        "detail": page.detail,
        "n_total": page.n_total,
        "n_shown": page.n_shown,
        "counts": page.counts,
        "cursor": page.cursor,
        "index": index_data(state),
    }
