"""Three hunks that a scripted model proposes, before an editor that has the file open."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.server.conftest import UseModel
from tests.support.editor import Editor, EditorKind, open_editor

NAMES = ("alpha", "beta", "gamma")
OLD = "".join(f"def {name}():\n    return 0\n\n\n\n" for name in NAMES) + "x = 1\n"
OTHER = "y = 1\n"
VSCODE = EditorKind(
    shows_documents=True,
    reads_virtual_documents=True,
    refreshes_lenses=True,
    confirms_changes=True,
)
PLAIN = EditorKind(shows_documents=True)


def line_of(name: str) -> int:
    """Give the line that the proposal changes in a function."""
    return OLD[: OLD.index(f"def {name}")].count("\n") + 1


def with_values(text: str = OLD, **values: str) -> str:
    """Give a text in which functions return other values."""
    for name, value in values.items():
        text = text.replace(
            f"def {name}():\n    return 0\n", f"def {name}():\n    return {value}\n"
        )
    return text


def edits(**values: str) -> dict[str, object]:
    """Give a turn of the model that reads a.py, and one that lets functions return values."""
    read = {"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}}
    changes = [
        {"old_string": f"def {name}():\n    return 0", "new_string": f"def {name}():\n    {body}"}
        for name, body in ((name, f"return {value}") for name, value in values.items())
    ]
    edit = {"type": "tool_use", "name": "multi_edit", "input": {"path": "a.py", "edits": changes}}
    return {"content": [read, edit]}


def says(text: str) -> dict[str, object]:
    """Give a turn of the model that says something."""
    return {"content": [{"type": "text", "text": text}]}


def writes(name: str, text: str) -> dict[str, object]:
    """Give a turn of the model that makes a file."""
    tool = {"type": "tool_use", "name": "write_file", "input": {"path": name, "content": text}}
    return {"content": [tool]}


def revises(old: str, new: str) -> dict[str, object]:
    """Give a turn of the model that changes its own proposal."""
    read = {"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}}
    strings = {"path": "a.py", "old_string": old, "new_string": new}
    return {"content": [read, {"type": "tool_use", "name": "edit_file", "input": strings}]}


THREE = (edits(alpha="1", beta="2", gamma="3"), says("Done."))


@dataclass(frozen=True)
class Reviewing:
    """An editor with a.py open, and the model that proposes."""

    editor: Editor
    model: ScriptedModel
    uri: str
    path: Path

    @property
    def text(self) -> str:
        """The buffer of a.py."""
        return self.editor.buffers[self.uri].text

    async def ask(self) -> None:
        """Let the model make its proposal, and wait until that is told."""
        n_messages = len(self.editor.messages)
        await self.editor.execute("lspAgent.ask", {"text": "Change it", "uri": self.uri})
        await self.editor.until(
            lambda: any("wait" in m.message for m in self.editor.messages[n_messages:])
        )

    async def choose(self, name: str, title: str) -> None:
        """Choose an action on the hunk of a function."""
        line = self.text[: self.text.index(f"def {name}")].count("\n") + 1
        await self.editor.choose(self.uri, line, title)

    async def titles(self, line: int, only: list[str] | None = None) -> list[str]:
        """Give what is offered on a line of a.py."""
        at = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 0))
        return [action.title for action in await self.editor.actions(self.uri, at, [], only)]

    async def waiting(self) -> list[str]:
        """Give the functions whose hunks still wait, by the lenses."""
        lenses = await self.editor.lenses(self.uri)
        rejecting = (lens for lens in lenses if lens.command and lens.command.title == "Reject")
        lines = [lens.range.start.line for lens in rejecting]
        return [self.text.split("\n")[line - 1][4:-3] for line in lines]


@asynccontextmanager
async def reviewing(
    root: Path,
    use_model: UseModel,
    turns: Sequence[dict[str, object]] = THREE,
    kind: EditorKind | None = None,
) -> AsyncGenerator[Reviewing, None]:
    """Open a.py of a new project in an editor, with a model that plays `turns`."""
    path = root / "a.py"
    if not path.exists():
        path.write_text(OLD, encoding="utf-8")
        (root / "b.py").write_text(OTHER, encoding="utf-8")
    with ScriptedModel({"turns": list(turns)}) as model:
        async with open_editor(root, kind, use_model(model)) as editor:
            uri = editor.open(path)
            yield Reviewing(editor, model, uri, path)
