"""Bodies whose version is not the one of their head."""

from typing import Any

import pytest

from mcp_tools.server.http.envelopes import envelope_refusal

KEY = "io.modelcontextprotocol/protocolVersion"


def _request(version: object, **members: Any) -> dict[str, Any]:
    message = {
        "jsonrpc": "2.0",
        "id": 7,
        "method": "tools/list",
        "params": {"_meta": {KEY: version}},
    }
    return message | members


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("2026-07-28", _request("2026-07-28")),
        (None, _request("2025-06-18")),
        ("2025-11-25", {"jsonrpc": "2.0", "id": 1, "method": "ping"}),
        (None, {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}),
        # What follows says why for itself.
        (None, _request(3)),
        (None, _request("2026-07-28", id=None)),
        (None, 7),
    ],
)
def test_what_agrees_or_says_nothing_goes_on(header: str | None, message: object) -> None:
    assert envelope_refusal(header, message) is None


@pytest.mark.parametrize("header", [None, "2025-11-25", "2099-01-01", "2026-07-28 "])
def test_what_disagrees_is_refused_with_its_id(header: str | None) -> None:
    refusal = envelope_refusal(header, _request("2026-07-28"))
    assert refusal is not None
    assert (refusal.status, refusal.code, refusal.request_id) == (400, -32020, 7)


def test_a_batch_is_refused() -> None:
    refusal = envelope_refusal(None, [])
    assert refusal is not None
    assert (refusal.status, refusal.code) == (400, -32600)
