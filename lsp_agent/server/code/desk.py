"""Answers questions about code for an editor; implements CodeDesk over the open folders."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import TypeVar

from lsprotocol import types as lsp

from lsp_agent.server.code import hierarchies, lenses, places, renaming, symbols
from lsp_agent.server.code.builds import Builds
from lsp_agent.server.code.finding import Remembered, remembered
from lsp_agent.server.code.port import Answer, Spot
from lsp_agent.server.code.positions import Json, Positions
from lsp_agent.server.code.ready import CONTENT_MODIFIED, NOTHING, Ready, Refused, ready, refused
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.switches import Feature
from lsp_agent.server.code.uris import Uris
from lsp_agent.server.code.wide_lines import WideLines
from lsp_agent.server.code.wire import Wire
from lsp_agent.server.folders import Folder, Folders
from lsp_agent.server.server import AgentServer
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import ExpectedError, StaleEdit

logger = logging.getLogger(__name__)

ResultT = TypeVar("ResultT")
N_WORKERS = 3
MAX_WAIT_S = 1.0
"""How long a search by name waits for folders that were opened just now."""
MAX_TRIES = 3
"""How often a question about a whole document is worked out anew while somebody types."""


class AgentCodeDesk:
    """Works each question out in a thread, over the text of the moment when it came."""

    def __init__(
        self, server: AgentServer, folders: Folders, disabled: Collection[Feature] = ()
    ) -> None:
        """Work for a connected server; `disabled` features answer with nothing."""
        self._server = server
        self._folders = folders
        self._disabled = frozenset(disabled)
        # Threads of their own, so that a long question does not hold up what writes to disk.
        self._threads = ThreadPoolExecutor(N_WORKERS, thread_name_prefix="code")
        self._counting = asyncio.Semaphore(1)  # An editor asks for all lenses of a page at once.
        self._wide_lines = WideLines(server.connection.encoding)
        self._uris: dict[str, str] = {}
        self._builds = Builds(server)
        folders.watch(self._builds.follow)

    async def document_symbols(self, uri: str) -> Answer:
        """Give the outline of a document."""
        answer = self._outline_at_hand(uri)
        if answer is not None:
            return answer
        for _ in range(MAX_TRIES):
            answer = await self._ask(Feature.DOCUMENT_SYMBOL, uri, symbols.document_symbols)
            if answer is not CONTENT_MODIFIED:
                return answer
        return CONTENT_MODIFIED

    async def workspace_symbols(self, query: str) -> Answer:
        """Give the definitions whose names match, best first."""
        if Feature.WORKSPACE_SYMBOL in self._disabled:
            return NOTHING
        # Unlike other questions this one does not read what is not known yet.
        await self._builds.wait(MAX_WAIT_S)
        folders = tuple(self._folders.all())
        snapshots = [folder.workspace.snapshot() for folder in folders]
        return await self._in_thread(partial(self._symbols_named, folders, snapshots, query))

    async def definition(self, spot: Spot) -> Answer:
        """Give where the name at a place is defined."""
        question = partial(places.definition, position=spot.position)
        return await self._ask(Feature.DEFINITION, spot.uri, question)

    async def references(self, spot: Spot, context: lsp.ReferenceContext) -> Answer:
        """Give where the thing at a place is named."""
        question = partial(places.references, position=spot.position, context=context)
        return await self._ask(Feature.REFERENCES, spot.uri, question)

    async def implementations(self, spot: Spot) -> Answer:
        """Give what implements or overrides the thing at a place."""
        question = partial(places.implementations, position=spot.position)
        return await self._ask(Feature.IMPLEMENTATION, spot.uri, question)

    async def hover(self, spot: Spot) -> Answer:
        """Give what is known of the name at a place."""
        question = partial(places.hover, position=spot.position)
        return await self._ask(Feature.HOVER, spot.uri, question)

    async def call_items(self, spot: Spot) -> Answer:
        """Give the function or class at a place."""
        question = partial(hierarchies.call_items, position=spot.position)
        return await self._ask(Feature.CALL_HIERARCHY, spot.uri, question)

    async def incoming_calls(self, item: lsp.CallHierarchyItem) -> Answer:
        """Give who calls it."""
        return await self._follow(Feature.CALL_HIERARCHY, item, hierarchies.incoming_calls)

    async def outgoing_calls(self, item: lsp.CallHierarchyItem) -> Answer:
        """Give what it calls."""
        return await self._follow(Feature.CALL_HIERARCHY, item, hierarchies.outgoing_calls)

    async def type_items(self, spot: Spot) -> Answer:
        """Give the class at a place."""
        question = partial(hierarchies.type_items, position=spot.position)
        return await self._ask(Feature.TYPE_HIERARCHY, spot.uri, question)

    async def supertypes(self, item: lsp.TypeHierarchyItem) -> Answer:
        """Give the classes that it is directly made from."""
        return await self._follow(Feature.TYPE_HIERARCHY, item, hierarchies.type_supers)

    async def subtypes(self, item: lsp.TypeHierarchyItem) -> Answer:
        """Give the classes that are directly made from it."""
        return await self._follow(Feature.TYPE_HIERARCHY, item, hierarchies.type_subs)

    async def prepare_rename(self, spot: Spot) -> Answer:
        """Give the range and the text of the name at a place."""
        question = partial(renaming.prepare_rename, position=spot.position)
        try:
            return await self._asked(Feature.RENAME, spot.uri, question) or NOTHING
        except StaleEdit:
            return CONTENT_MODIFIED
        except ExpectedError as error:
            return refused(str(error))

    async def rename(self, spot: Spot, new_name: str) -> lsp.WorkspaceEdit | Answer:
        """Give the edit that renames the thing at a place, and tell what it leaves alone."""
        question = partial(renaming.rename, position=spot.position, new_name=new_name)
        try:
            renamed = await self._asked(Feature.RENAME, spot.uri, question)
        except StaleEdit:
            return CONTENT_MODIFIED
        except ExpectedError as error:
            return refused(str(error))
        if renamed is None or isinstance(renamed, Refused):
            return renamed or NOTHING
        if renamed.warning:
            self._server.show(lsp.MessageType.Warning, renamed.warning)
        for remark in renamed.remarks:
            self._server.show(lsp.MessageType.Info, remark)
        return renamed.edit

    async def caller_lenses(self, uri: str) -> Sequence[Json]:
        """Give a lens, still without a title, for each function and class of a document."""
        try:
            found = await self._asked(Feature.CALLER_COUNTS, uri, lenses.lenses)
        except ExpectedError:
            return ()
        return () if found is None or isinstance(found, Refused) else found

    async def resolve_lens(self, lens: lsp.CodeLens) -> lsp.CodeLens:
        """Count the callers of one lens."""
        item = remembered(lens.data)
        folder = None if item is None else self._folder_at(item.root)
        if lens.command is not None or item is None or folder is None:
            return lens
        if lenses.SHOW_REFERENCES in self._server.connection.abilities.commands:
            count = partial(lenses.listing_command, item=item, at=lens.range.start)
        else:
            count = partial(lenses.lens_command, item=item)
        async with self._counting:
            snapshot = folder.workspace.snapshot()
            try:
                lens.command = await self._in_thread(lambda: count(self._wire(folder, snapshot)))
            except ExpectedError as error:
                logger.info("the callers of %s are not known: %s", item.path, error)
        return lens

    def files_changed(self, paths: Sequence[Path]) -> None:
        """Tell the indexes of changes on disk that the editor saw."""
        for folder in self._folders.all():
            self._threads.submit(folder.engine.index.changed, paths)

    def cancel_by_token(self, token: int | str) -> None:
        """Stop to read a folder ahead; questions read what they need."""
        self._builds.cancel_by_token(token)

    async def close(self) -> None:
        """Begin no further question; those that are being worked out end unheard."""
        await self._builds.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(
        self, feature: Feature, uri: str, question: Callable[[Scene], Ready]
    ) -> Ready | Refused:
        """Ask about a document; nothing where there is nothing to ask about."""
        try:
            return await self._asked(feature, uri, question) or NOTHING
        except StaleEdit:
            return CONTENT_MODIFIED
        except ExpectedError as error:
            logger.info("%s has no answer for %s: %s", feature, uri, error)
            return NOTHING

    async def _asked(
        self, feature: Feature, uri: str, question: Callable[[Scene], ResultT]
    ) -> ResultT | Refused | None:
        """Ask about a document; None where there is nothing to ask about.

        Raises: ExpectedError, as the question does.
        """
        place = None if feature in self._disabled else self._place(uri)
        if place is None:
            return None
        folder, file = place
        asked_about = self._server.documents.get(uri)
        # Taken before the thread starts: the question is about the text of now.
        snapshot = folder.workspace.snapshot()
        answer = await self._in_thread(lambda: question(self._scene(folder, snapshot, file)))
        is_of_now = self._server.documents.get(uri) is asked_about
        return answer if is_of_now else CONTENT_MODIFIED

    async def _follow(
        self,
        feature: Feature,
        item: lsp.CallHierarchyItem | lsp.TypeHierarchyItem,
        question: Callable[[Wire, Remembered], Ready],
    ) -> Answer:
        """Ask about an item that was given before."""
        known = None if feature in self._disabled else remembered(item.data)
        folder = None if known is None else self._folder_at(known.root)
        if known is None or folder is None:
            return NOTHING
        snapshot = folder.workspace.snapshot()
        try:
            return await self._in_thread(lambda: question(self._wire(folder, snapshot), known))
        except StaleEdit:
            return CONTENT_MODIFIED
        except ExpectedError as error:
            logger.info("%s has no answer for %s: %s", feature, known.path, error)
            return NOTHING

    async def _in_thread(self, work: Callable[[], ResultT]) -> ResultT:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _outline_at_hand(self, uri: str) -> Answer | None:
        """Give the outline of an open document, if that takes less than the way to a thread."""
        is_plain = self._server.connection.abilities.nests_symbols
        shown = self._folders.showing(uri)
        if Feature.DOCUMENT_SYMBOL in self._disabled or not is_plain or not shown:
            return None
        folder, path = max(shown, key=_depth)
        document = folder.workspace.buffer(path)
        facts = None if document is None else folder.engine.index.facts_at_hand(document)
        if document is None or facts is None:
            return None
        return symbols.outline_at_hand(document, facts)

    def _symbols_named(
        self, folders: Sequence[Folder], snapshots: Sequence[SnapshotView], query: str
    ) -> Ready:
        found = [
            symbols.symbols_named(self._wire(folder, snapshot), query)
            for folder, snapshot in zip(folders, snapshots, strict=True)
        ]
        # The best of each folder come first, as there is no measure between folders.
        in_turn: Iterator[object] = chain.from_iterable(zip_longest(*found))
        return ready(list(islice((s for s in in_turn if s is not None), symbols.MAX_SYMBOLS)))

    def _scene(self, folder: Folder, snapshot: SnapshotView, file: str) -> Scene:
        wire = self._wire(folder, snapshot)
        connection = self._server.connection
        return Scene(
            codebase=wire.codebase,
            file=file,
            wire=wire,
            abilities=connection.abilities,
            encoding=connection.encoding,
            types=folder.engine.types,
        )

    def _wire(self, folder: Folder, snapshot: SnapshotView) -> Wire:
        codebase = folder.engine.index.view(snapshot)
        opened = {str(path): document.uri for path, document in tuple(folder.open.items())}
        return Wire(
            codebase=codebase,
            positions=Positions(codebase, self._server.connection.encoding, self._wide_lines),
            uris=Uris(self._uris, opened),
        )

    def _place(self, uri: str) -> tuple[Folder, str] | None:
        """Give the folder of a document, and its path there; None for a document of no folder."""
        # What is open was looked for on disk when it was opened; the innermost folder counts.
        shown = self._folders.showing(uri)
        try:
            folder, path = max(shown, key=_depth) if shown else self._folders.find(uri)
        except ExpectedError:
            return None
        return folder, path.relative_to(folder.workspace.root).as_posix()

    def _folder_at(self, root: str) -> Folder | None:
        folders = self._folders.all()
        return next((folder for folder in folders if str(folder.workspace.root) == root), None)


def _depth(shown: tuple[Folder, object]) -> int:
    return len(shown[0].workspace.root.parts)
