"""An editor without a screen: buffers, and a language server that works on them.

It is a plain client of the Language Server Protocol, as small as one can be. It does not count
UTF-16: positions are right as long as no text goes beyond Unicode's first plane.
"""

import asyncio
import os
import site
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lsp_agent.demo.wire import Message, UnknownMethod, Wire, WireError
from mcp_tools.types.text import LineIndex, Place

FIX_TITLE = "Fix with agent: "
TASK_TIMEOUT_S = 30.0
EXIT_TIMEOUT_S = 5.0

_CAPABILITIES: Message = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
        "workspaceFolders": True,
    },
    "textDocument": {
        "diagnostic": {},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}}
        },
    },
    "window": {"workDoneProgress": True},
}


@dataclass(frozen=True, slots=True)
class Buffer:
    """An open document as the editor shows it."""

    text: str
    version: int


class Editor:
    """The editor's side of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect to a server that was just started."""
        self.wire = Wire(reader, writer, self._handle)
        self._buffers: dict[Path, Buffer] = {}
        self._ended: asyncio.Queue[str] = asyncio.Queue()

    async def initialize(self, folder: Path) -> None:
        """Greet the server, with one folder open."""
        params: Message = {
            "processId": os.getpid(),
            "clientInfo": {"name": "lsp-agent demo"},
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
            "capabilities": _CAPABILITIES,
        }
        await self.wire.request("initialize", params)
        self.wire.notify("initialized", {})

    def open(self, path: Path) -> None:
        """Open a file."""
        buffer = self._buffers[path] = Buffer(path.read_text(encoding="utf-8"), 1)
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1}
        self.wire.notify(
            "textDocument/didOpen", {"textDocument": {**document, "text": buffer.text}}
        )

    def text(self, path: Path) -> str:
        """Give what the editor shows of an open file."""
        return self._buffers[path].text

    def save(self, path: Path) -> None:
        """Write what is shown to the file."""
        path.write_text(self.text(path), encoding="utf-8")
        self.wire.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})

    async def diagnostics(self, path: Path) -> list[Message]:
        """Ask for the problems of an open file.

        Raises: WireError.
        """
        params = {"textDocument": {"uri": path.as_uri()}}
        answer = await self.wire.request("textDocument/diagnostic", params)
        return answer["result"]["items"]

    async def fix(self, path: Path, diagnostic: Message) -> str:
        """Run *Fix with agent* on a problem; give the title and what came of it.

        Raises: WireError.
        """
        params = {
            "textDocument": {"uri": path.as_uri()},
            "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic]},
        }
        actions = (await self.wire.request("textDocument/codeAction", params))["result"]
        for action in actions or ():
            if action["title"].startswith(FIX_TITLE):
                command: Message = action["command"]
                return await self._run(command)
        raise WireError(f"no action {FIX_TITLE!r} is offered for {diagnostic['message']!r}")

    async def _run(self, command: Message) -> str:
        """Run a command that goes on in the background, and wait for its end."""
        called = {"command": command["command"], "arguments": command["arguments"]}
        await self.wire.request("workspace/executeCommand", called)
        try:
            async with asyncio.timeout(TASK_TIMEOUT_S):
                return await self._ended.get()
        except TimeoutError as error:
            raise WireError(f"{command['title']} took over {TASK_TIMEOUT_S:g} s") from error

    def _handle(self, method: str, params: Message) -> object:
        match method:
            case "workspace/applyEdit":
                return self._apply(params["edit"]["documentChanges"])
            case "window/workDoneProgress/create":
                return None
            case "$/progress":
                if params["value"]["kind"] == "end":
                    self._ended.put_nowait(params["value"].get("message", ""))
                return None
            case "window/showMessage" | "window/logMessage":
                return None
            case _:
                raise UnknownMethod(f"this editor does not know {method}")

    def _apply(self, changes: Sequence[Message]) -> Message:
        """Make edits of open documents, all or none, and tell the server the new texts."""
        by_uri = {path.as_uri(): path for path in self._buffers}
        after: dict[Path, Buffer] = {}
        for change in changes:
            document = change.get("textDocument", {})
            path = by_uri.get(document.get("uri"))
            if path is None or document.get("version") not in (None, self._buffers[path].version):
                return {"applied": False, "failureReason": "not open, or not of this version"}
            buffer = self._buffers[path]
            text = edited(buffer.text, change["edits"])
            after[path] = replace(buffer, text=text, version=buffer.version + 1)
        for path, buffer in after.items():
            self._buffers[path] = buffer
            document = {"uri": path.as_uri(), "version": buffer.version}
            self.wire.notify(
                "textDocument/didChange",
                {"textDocument": document, "contentChanges": [{"text": buffer.text}]},
            )
        return {"applied": True}


@asynccontextmanager
async def running_editor(folder: Path, home: Path) -> AsyncGenerator[Editor]:
    """Start the server as an editor does, and greet it; it is gone at the end.

    It works offline, and `home` takes the place of the user's own home folder, so that no
    settings are found there.
    Raises: WireError.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lsp_agent", "lsp"),
        cwd=folder,
        env=_environment(home),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    editor = Editor(process.stdout, process.stdin)
    serving = asyncio.create_task(editor.wire.serve())
    try:
        await editor.initialize(folder)
        yield editor
        await editor.wire.request("shutdown", None)
        editor.wire.notify("exit", None)
        async with asyncio.timeout(EXIT_TIMEOUT_S):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await asyncio.gather(serving, return_exceptions=True)


def edited(text: str, edits: Sequence[Message]) -> str:
    """Give `text` with edits made, whose ranges refer to `text` as it was."""
    lines = LineIndex(text)
    spans = sorted(
        (_offset(lines, e["range"]["start"]), _offset(lines, e["range"]["end"]), e["newText"])
        for e in edits
    )
    for start, end, new_text in reversed(spans):
        text = text[:start] + new_text + text[end:]
    return text


def _offset(lines: LineIndex, position: Message) -> int:
    return lines.offset(Place(position["line"], position["character"]))


def _environment(home: Path) -> dict[str, str]:
    """Give our own environment without keys, and without the user's settings."""
    ours = ("ANTHROPIC_", "LSP_AGENT_", "XDG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Packages that are installed for one user only are found by way of the home folder.
    user_packages = {"PYTHONUSERBASE": site.getuserbase()}
    return kept | user_packages | {"HOME": str(home), "LSP_AGENT_MODEL": "offline"}
