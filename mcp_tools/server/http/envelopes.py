"""Bodies that are no single message, or that say another version than their head.

The SDK goes by the head alone; whatever routes requests may go by the body.
Source: MCP 2026-07-28, Streamable HTTP, "Server Validation".
"""

from collections.abc import Mapping
from typing import cast

import mcp_types as types
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

from mcp_tools.server.http.refusals import Refusal
from mcp_tools.server.http.running_ids import request_id_of


def envelope_refusal(version_header: str | None, message: object) -> Refusal | None:
    """Give the reason against a body as such; None if it is in order.

    `version_header` is what the head says of the version; None if it says nothing.
    """
    if isinstance(message, list):
        return Refusal(status=400, message="Expected one message, got a batch")
    version = _version_in(message)
    if version is None or version in HANDSHAKE_PROTOCOL_VERSIONS or version == version_header:
        return None
    return Refusal(
        status=400,
        message="The header MCP-Protocol-Version does not say what the body says",
        code=types.HEADER_MISMATCH,
        request_id=request_id_of(message),
    )


def _version_in(message: object) -> str | None:
    """Give the version that the body of a request says."""
    metadata = _member(_member(message, "params"), "_meta")
    version = _member(metadata, types.PROTOCOL_VERSION_META_KEY)
    return version if isinstance(version, str) and request_id_of(message) is not None else None


def _member(value: object, name: str) -> object:
    return cast(Mapping[str, object], value).get(name) if isinstance(value, dict) else None
