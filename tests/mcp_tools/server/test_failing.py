"""What a client hears of what goes wrong inside."""

import logging
from dataclasses import dataclass
from pathlib import Path

import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from mcp_tools.server.state import Context
from mcp_tools.types.errors import NotFound
from tests.mcp_tools.server.places import ERAS, client_of, serve

pytestmark = pytest.mark.asyncio


@dataclass(frozen=True)
class Case:
    """What a handler raises, and what its client hears."""

    error: Exception
    code: int
    message: str


CASES = (
    Case(RuntimeError("a secret"), types.INTERNAL_ERROR, "Internal error"),
    Case(NotFound("there is no such thing"), types.INVALID_PARAMS, "there is no such thing"),
    Case(MCPError(code=-32002, message="as it is"), -32002, "as it is"),
)


@pytest.mark.protocol("jsonrpc-internal-error")
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("case", CASES)
async def test_a_failure_is_answered_without_its_inside(
    era: str, case: Case, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(context: Context, params: types.PaginatedRequestParams) -> None:
        del context, params
        raise case.error

    server = serve(tmp_path).server
    server.add_request_handler("prompts/list", types.PaginatedRequestParams, fail)
    async with client_of(server, era) as client:
        with caplog.at_level(logging.ERROR), pytest.raises(MCPError) as heard:
            await client.list_prompts()
        # The connection lives on.
        assert (await client.list_tools()).tools
    assert heard.value.code == case.code
    assert heard.value.message.startswith(case.message)
    assert "secret" not in heard.value.message
    is_logged = any(record.exc_info for record in caplog.records)
    assert is_logged is (case.code == types.INTERNAL_ERROR)
