"""Lists in pages."""

import base64

import pytest
from mcp.shared.exceptions import MCPError

from mcp_tools.server.paging import check_single, page_of

ITEMS = list(range(25))


@pytest.mark.protocol("pagination")
def test_pages_give_every_item_once_and_in_order() -> None:
    found: list[int] = []
    cursor = None
    while True:
        page, cursor = page_of(ITEMS, "numbers", cursor, 10)
        found += page
        if cursor is None:
            break
    assert found == ITEMS


@pytest.mark.protocol("pagination")
def test_a_list_that_fits_has_no_cursor() -> None:
    assert page_of(ITEMS, "numbers", None, 25) == (ITEMS, None)
    assert page_of([], "numbers", None) == ([], None)


def _token(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.protocol("pagination-wrong-cursor")
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "10",
        "ä",
        "!!!!",
        _token("numbers:0"),
        _token("numbers:-1"),
        _token("numbers:25"),
        _token("numbers:99999999999"),
        _token("others:10"),
        _token("numbers:1 0"),
    ],
)
def test_a_wrong_cursor_is_an_error_of_parameters(cursor: str) -> None:
    with pytest.raises(MCPError) as caught:
        page_of(ITEMS, "numbers", cursor, 10)
    assert caught.value.error.code == -32602


def test_a_list_that_is_given_at_once_takes_no_cursor() -> None:
    check_single(None)
    with pytest.raises(MCPError):
        check_single("")
