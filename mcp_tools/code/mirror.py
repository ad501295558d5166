"""A private, short-lived copy of unsaved documents, for other programs."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from mcp_tools.types.documents import Document


@asynccontextmanager
async def mirrored(root: Path, documents: Sequence[Document]) -> AsyncGenerator[Path]:
    """Give a folder with `documents` as they lie below `root`, for a while.

    Only the current user can enter it, and its name cannot be guessed.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="lsp-agent-"))
    try:
        await asyncio.to_thread(_write, folder, root, documents)
        yield folder
    finally:
        # Not in a thread: a cancelled task must not leave unsaved text behind.
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, root: Path, documents: Sequence[Document]) -> None:
    for document in documents:
        path = folder / document.path.relative_to(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        # A lone surrogate has no UTF-8 form; it cannot be searched for, so it may be replaced.
        path.write_bytes(document.text.encode("utf-8", "replace"))
