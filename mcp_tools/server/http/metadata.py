"""Where clients learn which authorization server gives out tokens for us.

Source: RFC 9728.
"""

import json
from urllib.parse import urlsplit

from starlette.types import Send

from mcp_tools.server.http.options import ProtectedResource

_WELL_KNOWN = "/.well-known/oauth-protected-resource"


def metadata_paths(resource: ProtectedResource | None) -> tuple[str, ...]:
    """Give the paths at which the metadata is: with our own path behind, and without."""
    if resource is None:
        return ()
    return (_WELL_KNOWN, _WELL_KNOWN + urlsplit(resource.url).path.rstrip("/"))


def metadata_url(resource: ProtectedResource) -> str:
    """Give the URL of the metadata, as clients reach us."""
    parts = urlsplit(resource.url)
    return f"{parts.scheme}://{parts.netloc}{metadata_paths(resource)[-1]}"


async def send_metadata(send: Send, resource: ProtectedResource | None) -> None:
    """Answer with the metadata."""
    if resource is None:
        return
    metadata = {
        "resource": resource.url,
        "authorization_servers": [resource.issuer],
        "bearer_methods_supported": ["header"],
        **({"scopes_supported": list(resource.scopes)} if resource.scopes else {}),
    }
    body = json.dumps(metadata).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
