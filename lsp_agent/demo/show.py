"""The demo from first line to last: red tests, fixes by the agent, green tests."""

import asyncio
import tempfile
from pathlib import Path
from typing import Protocol

from lsp_agent.demo.editor import Editor, running_editor
from lsp_agent.demo.sample import TestRun, copy_project, python_files, run_tests
from lsp_agent.demo.wire import Message, WireError
from mcp_tools.workspace.diffs import unified_diff

PROJECT_NAME = "teahouse"


class Screen(Protocol):
    """Where the demo shows what it does."""

    def result(self, text: str, *, style: str = "") -> None:
        """Show a few lines."""
        ...

    def diff(self, diff: str) -> None:
        """Show a unified diff, in color where that is possible."""
        ...


def run_demo(screen: Screen, keep: Path | None) -> bool:
    """Run the demo; tell whether tests were red, then green, and no problem is left.

    The fixed project is left in the folder `keep`, which is made, or else nowhere.
    """
    with tempfile.TemporaryDirectory(prefix="lsp-agent-demo-") as temporary:
        # A link on the way, as /tmp is on macOS, would give one file two names.
        outer = Path(temporary).resolve()
        home = outer / "home"
        home.mkdir()
        folder = keep.absolute() if keep is not None else outer / PROJECT_NAME
        copy_project(folder)
        try:
            return asyncio.run(_Story(screen, folder.resolve()).tell(home))
        except WireError as error:
            screen.result(f"\nThe demo cannot go on: {error}", style="bold red")
            return False


class _Story:
    """The demo over one copy of the project."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        self._screen = screen
        self._folder = folder
        self._paths = python_files(folder)

    async def tell(self, home: Path) -> bool:
        self._screen.result(
            f"A small project with bugs in it: {self._folder}\n"
            "The language server works on it offline: no key, no network."
        )
        before = await self._tests("Its own tests, before")
        async with running_editor(self._folder, home) as editor:
            for path in self._paths:
                editor.open(path)
            n_problems = await self._list_problems(editor, "What the server reports")
            if n_problems:
                self._heading("Fix with agent, on each of them")
            for path in self._paths:
                await self._fix_file(editor, path)
            n_left = await self._list_problems(editor, "What the server reports now")
            for path in self._paths:
                editor.save(path)
        after = await self._tests("Its own tests, after")
        was_red = before.n_tests > 0 and not before.is_green
        return was_red and n_problems > 0 and n_left == 0 and after.is_green

    def _heading(self, text: str) -> None:
        self._screen.result(f"\n{text}", style="bold")

    async def _tests(self, title: str) -> TestRun:
        self._heading(title)
        run = await asyncio.to_thread(run_tests, self._folder)
        style = "green" if run.is_green else "red"
        self._screen.result(f"  {run.n_tests} tests: {run.summary}", style=style)
        return run

    async def _list_problems(self, editor: Editor, title: str) -> int:
        self._heading(title)
        n_problems = 0
        for path in self._paths:
            for problem in await editor.diagnostics(path):
                self._screen.result(f"  {self._place(path, problem)}  {_words(problem)}")
                n_problems += 1
        if not n_problems:
            self._screen.result("  no problem", style="green")
        return n_problems

    async def _fix_file(self, editor: Editor, path: Path) -> None:
        """Have the file's first problem fixed until none is left, or one resists."""
        while problems := await editor.diagnostics(path):
            before = editor.text(path)
            self._screen.result(f"\n  {self._place(path, problems[0])}  {_words(problems[0])}")
            ending = await editor.fix(path, problems[0])
            if editor.text(path) == before:
                self._screen.result(f"  not fixed: {ending}", style="red")
                return
            self._screen.diff(unified_diff(self._name(path), before, editor.text(path)))

    def _place(self, path: Path, problem: Message) -> str:
        start = problem["range"]["start"]
        return f"{self._name(path)}:{start['line'] + 1}:{start['character'] + 1}"

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()


def _words(problem: Message) -> str:
    return f"{problem.get('code', '')} {problem['message']}".strip()
