"""Where what can be read becomes what the protocol calls resources; beside `convert.py`."""

import base64

import mcp_types as types
from mcp.shared.exceptions import MCPError

from mcp_tools.server.addresses import MAX_URI_CHARS
from mcp_tools.server.asking import is_modern
from mcp_tools.server.schemes.scheme import Content, Listed, Template
from mcp_tools.server.state import Context

_NOT_FOUND_BEFORE_2026 = -32002
"""Of the handshake era; since 2026-07-28 it is an error of parameters (SEP-2164)."""


def content_to_mcp(
    content: Content,
) -> types.TextResourceContents | types.BlobResourceContents:
    """Give what was read."""
    if content.data is None:
        return types.TextResourceContents(
            uri=content.uri, mime_type=content.mime_type, text=content.text
        )
    blob = base64.b64encode(content.data).decode("ascii")
    return types.BlobResourceContents(uri=content.uri, mime_type=content.mime_type, blob=blob)


def embedded_to_mcp(content: Content) -> types.ContentBlock:
    """Give what was read as a part of a message: an image as one, all else as a resource."""
    resource = content_to_mcp(content)
    is_image = content.mime_type.startswith("image/")
    if is_image and isinstance(resource, types.BlobResourceContents):
        return types.ImageContent(data=resource.blob, mime_type=content.mime_type)
    return types.EmbeddedResource(resource=resource)


def listed_to_mcp(listed: Listed, modified_at: str | None) -> types.Resource:
    """Give an entry of the list; `modified_at` is the date of its file, if it is one."""
    return types.Resource(
        uri=listed.uri,
        name=listed.name,
        title=listed.title,
        description=listed.description or None,
        mime_type=listed.mime_type,
        size=listed.size_bytes,
        annotations=types.Annotations(priority=listed.priority, last_modified=modified_at),
    )


def template_to_mcp(template: Template) -> types.ResourceTemplate:
    """Give a form of URIs."""
    return types.ResourceTemplate(
        uri_template=template.uri_template,
        name=template.name,
        title=template.title,
        description=template.description,
        mime_type=template.mime_type,
    )


def no_resource(context: Context, uri: str, reason: str) -> MCPError:
    """Give the error for a resource that is not there, as the client's era calls it."""
    code = types.INVALID_PARAMS if is_modern(context) else _NOT_FOUND_BEFORE_2026
    data = {"uri": uri[:MAX_URI_CHARS]}
    return MCPError(code=code, message=f"Resource not found: {reason}", data=data)
