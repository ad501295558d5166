"""Images, for models that can see them."""

import asyncio
from pathlib import Path

from mcp_tools.types.calls import Attachment, ToolContext
from mcp_tools.types.contents import Binary
from mcp_tools.types.errors import TooLarge

MAX_IMAGE_BYTES = 5 * 1024 * 1024
"""What models take at most. Source: the vision guide of the Claude API, November 2026."""

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


async def image_at(context: ToolContext, path: Path) -> Attachment | None:
    """Give the image at a path; None if what is there is none, whatever its name says.

    Raises: TooLarge, NotText for what is no file, OutsideWorkspace.
    """
    if path.suffix.lower() not in IMAGE_SUFFIXES:
        return None
    state = await asyncio.to_thread(context.snapshot.state, path)
    if state is None or not isinstance(state.content, Binary):
        return None
    data = state.content.data
    mime_type = _mime_type(data)
    if mime_type is None:
        return None
    if len(data) > MAX_IMAGE_BYTES:
        raise TooLarge(
            f"{context.display(path)!r} is an image of {len(data)} bytes, and at most "
            f"{MAX_IMAGE_BYTES} can be shown; make a smaller copy of it"
        )
    return Attachment(mime_type=mime_type, content=data, uri=path.as_uri())


def _mime_type(data: bytes) -> str | None:
    """Tell what kind of image it is, by its first bytes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None
