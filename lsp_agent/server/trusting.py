"""Asking whether a folder is trusted, once each, while everything else goes on.

The question comes when a folder is opened that asks for power: for hooks, servers or plugins that
nobody has agreed to. What needs trust otherwise is asked about where it is needed.
"""

import asyncio
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.folders import Folder, Folders
from lsp_agent.server.server import AgentServer
from lsp_agent.trust.store import TrustStore, TrustView
from lsp_agent.trust.telling import UNTIL_THEN, WHAT_CHANGES, lines_of, question
from mcp_tools.types.errors import ExpectedError

YES = "Trust"
NO = "Not now"


class Trusting:
    """The questions about folders of one editor."""

    def __init__(
        self, server: AgentServer, folders: Folders, make_store: Callable[[], TrustStore]
    ) -> None:
        """Ask for each folder that needs it, those that are open already included."""
        self._server = server
        self._folders = folders
        self._make_store = make_store
        self._asking: set[asyncio.Task[None]] = set()
        folders.watch(self._opened)

    @cached_property
    def _store(self) -> TrustStore:
        store = self._make_store()
        for problem in store.problems():
            self._server.show(lsp.MessageType.Warning, problem)
        return store

    def start(self, uri: str | None) -> dict[str, str]:
        """Begin to ask about the folder of a document, or the first; tell how it stands now.

        Raises: ExpectedError if there is no folder.
        """
        folder = self._folder(uri)
        root = folder.workspace.root
        self._begin(folder, is_wanted=True)
        return {"folder": str(root), "trust": self._store.trust_of(root).value}

    def revoke(self, uri: str | None) -> dict[str, str]:
        """Take the trust in the folder of a document, or the first, back; tell how it stands.

        Raises: ExpectedError if there is no folder, or it is trusted for another reason.
        """
        root = self._folder(uri).workspace.root
        self._store.revoke(root)
        return {"folder": str(root), "trust": self._store.trust_of(root).value}

    async def close(self) -> None:
        """Wait for no answer any more."""
        for asking in self._asking:
            asking.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    def _folder(self, uri: str | None) -> Folder:
        return self._folders.first() if uri is None else self._folders.find(uri)[0]

    def _opened(self, folder: Folder) -> None:
        self._begin(folder, is_wanted=False)

    def _begin(self, folder: Folder, *, is_wanted: bool) -> None:
        asking = asyncio.create_task(self._look(folder, is_wanted=is_wanted))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _look(self, folder: Folder, *, is_wanted: bool) -> None:
        root = folder.workspace.root
        view = await asyncio.to_thread(self._store.look, root)
        if not is_wanted and all(power.problem for power in view.changed):
            return
        try:
            is_trusted = await self._is_trusted(view, root)
            # Whatever the answer, no other question offers it again.
            folder.engine.standing.trust_answered()
            if is_trusted:
                self._store.grant(root, view.powers)
                self._server.show(lsp.MessageType.Info, f"{root} is trusted.")
        except (ExpectedError, OSError) as error:
            self._server.show_error(str(error))

    async def _is_trusted(self, view: TrustView, root: Path) -> bool:
        """Ask; only the one answer is a yes, and an editor that cannot ask means no."""
        lines = (question(root), *lines_of(view, root), WHAT_CHANGES, UNTIL_THEN)
        params = lsp.ShowMessageRequestParams(
            type=lsp.MessageType.Warning,
            message="\n".join(lines),
            actions=[lsp.MessageActionItem(title=YES), lsp.MessageActionItem(title=NO)],
        )
        try:
            # Shielded, since pygls shows an error when an answer comes that nobody awaits.
            chosen = await asyncio.shield(self._server.window_show_message_request_async(params))
        except JsonRpcException:
            return False
        return chosen is not None and chosen.title == YES
