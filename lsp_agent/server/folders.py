"""The folders that the editor has open, each with a workspace and an engine of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lsp_agent.engine.engine import Engine
from lsp_agent.server.convert import path_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.editing.apply import EditorSink
from lsp_agent.server.private_files import is_private
from lsp_agent.server.server import AgentServer
from mcp_tools.ports import Sink
from mcp_tools.types.errors import ExpectedError, NotFound, OutsideWorkspace
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.paths import is_project_root, project_root, resolve_in, root_path
from mcp_tools.workspace.workspace import CloseBuffer, SetBuffer, Workspace

MakeSink = Callable[[Workspace, Sink], Sink]
"""Gives the way by which changes reach a workspace, from the one by which they reach the disk."""
MakeEngine = Callable[[DiskSource, MakeSink], Engine]
FolderListener = Callable[["Folder"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One root and what belongs to it."""

    engine: Engine
    sink: EditorSink
    open: dict[Path, OpenDocument] = field(default_factory=dict[Path, OpenDocument])
    """Open documents by canonical path."""

    @property
    def workspace(self) -> Workspace:
        """The folder's workspace."""
        return self.engine.workspace


class Folders:
    """All folders; a document that lies in none gets one made for it."""

    def __init__(self, server: AgentServer, make_engine: MakeEngine) -> None:
        """Open the folders that `initialize` named; one that is not there is left out."""
        self._server = server
        self._make_engine = make_engine
        self._folders: dict[Path, Folder] = {}
        self._listeners: list[FolderListener] = []
        for uri in server.connection.folders:
            path = path_of(uri)
            if path is None or not path.is_dir():
                continue
            try:
                self._open_folder(root_path(path))
            except ExpectedError as error:
                server.show_error(str(error))

    def all(self) -> Iterable[Folder]:
        """Give the open folders."""
        return tuple(self._folders.values())

    def watch(self, listener: FolderListener) -> None:
        """Call `listener` for each folder, those that are open already included."""
        self._listeners.append(listener)
        for folder in self.all():
            listener(folder)

    def showing(self, uri: str) -> Sequence[tuple[Folder, Path]]:
        """Give the folders that a document is open in, each with its canonical path there."""
        return tuple(
            (folder, path)
            for folder in self._folders.values()
            for path, shown in folder.open.items()
            if shown.uri == uri
        )

    def find(self, uri: str | None) -> tuple[Folder, Path]:
        """Give the folder of a document, and its canonical path.

        Raises: ExpectedError that says why there is none.
        """
        path = path_of(uri) if uri else None
        if path is None:
            raise NotFound("save the document to a file first; the agent works on files")
        folder = self._containing(path)
        return folder, resolve_in(folder.workspace.root, path)

    def first(self) -> Folder:
        """Give the first folder, for work that is about no document.

        Raises: NotFound if the editor has none open.
        """
        for folder in self._folders.values():
            return folder
        raise NotFound("open a folder or a file first; the agent works on files")

    def set_document(self, document: OpenDocument) -> None:
        """Show a document's text to its workspace."""
        try:
            self.find(document.uri)
        except ExpectedError:
            return  # Not a file of ours; it stays an open document that no tool sees.
        # Folders may lie in each other, and work in the outer one must see the unsaved text, too.
        for folder in self._folders.values():
            _show(folder, document)

    def close_document(self, document: OpenDocument) -> None:
        """Let the disk count again for a path, unless it is also open under another URI."""
        for folder in self._folders.values():
            for path, shown in tuple(folder.open.items()):
                if shown.uri == document.uri:
                    self._close(folder, path)

    def _close(self, folder: Folder, path: Path) -> None:
        for other in self._server.documents.all():
            if _path_in(folder, other) == path:
                _show(folder, other)
                return
        del folder.open[path]
        folder.workspace.apply(CloseBuffer(path))

    def _containing(self, path: Path) -> Folder:
        """Give the innermost folder with the path in it, by its name or through links."""
        if is_private(path):
            raise OutsideWorkspace(f"{path.name!r} is a document of lsp-agent and of no project")
        real = path.resolve()
        candidates = [root for root in self._folders if root == real or root in real.parents]
        if candidates:
            return self._folders[max(candidates, key=lambda root: len(root.parts))]
        for root in self._folders:
            if root in path.absolute().parents:
                raise OutsideWorkspace(f"{path.name!r} is a link that leads out of {str(root)!r}")
        if not real.parent.is_dir():
            raise NotFound(f"there is no file {str(path)!r}")
        root = project_root(real.parent)
        if not is_project_root(root):
            raise OutsideWorkspace(
                f"{path.name!r} lies in {str(root)!r}, which is never taken for a project; open "
                "a folder in the editor, or move the file to one of its own"
            )
        return self._open_folder(root)

    def _open_folder(self, root: Path) -> Folder:
        source = DiskSource(root)
        opened: dict[Path, OpenDocument] = {}
        sinks: list[EditorSink] = []

        def make_sink(workspace: Workspace, disk: Sink) -> Sink:
            sinks.append(EditorSink(self._server, workspace, opened.get, disk))
            return sinks[-1]

        engine = self._make_engine(source, make_sink)
        folder = Folder(engine=engine, sink=sinks[0], open=opened)
        self._folders[source.root] = folder
        for document in self._server.documents.all():
            _show(folder, document)
        for listener in self._listeners:
            listener(folder)
        return folder


def _show(folder: Folder, document: OpenDocument) -> None:
    path = _path_in(folder, document)
    if path is None:
        return
    folder.open[path] = document
    folder.workspace.apply(SetBuffer(path=path, text=document.text, version=document.version))


def _path_in(folder: Folder, document: OpenDocument) -> Path | None:
    """Give the canonical path of a document, None if it does not lie in the folder."""
    if document.path is None:
        return None
    try:
        return resolve_in(folder.workspace.root, document.path)
    except ExpectedError:
        return None
