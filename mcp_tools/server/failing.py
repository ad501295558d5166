"""The boundary of every request: no fault of ours ends a connection, or shows its inside."""

import logging
from typing import Any

import mcp_types as types
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from mcp_tools.server.convert import invalid_params
from mcp_tools.types.errors import ExpectedError

logger = logging.getLogger(__name__)


async def answer_failures(
    ctx: ServerRequestContext[Any, Any], call_next: CallNext
) -> HandlerResult:
    """Turn what a handler raises into the protocol's errors."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        # The SDK knows the answer to these.
        raise
    except ExpectedError as error:
        raise invalid_params(str(error)) from error
    except Exception as error:
        logger.exception("the handler of %s failed", ctx.method)
        raise MCPError(
            code=types.INTERNAL_ERROR, message="Internal error; the server's log has more"
        ) from error
