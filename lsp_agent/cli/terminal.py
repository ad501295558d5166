"""The person's terminal: progress, differences in color, and questions.

Progress and questions go to stderr, so that stdout holds the result alone and can be piped.
"""

import asyncio
import re
import sys

from rich.console import Console
from rich.status import Status
from rich.text import Text

_NAP_S = 0.5
_MISLEADING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Characters that steer a terminal, or show text in another order than it is read by programs.

Source: "Trojan Source", CVE-2021-42574; ECMA-48.
"""


class Screen(Console):
    """A console that lets the program end as it should when nobody reads what is printed."""

    def on_broken_pipe(self) -> None:
        """Raise what happened, instead of exiting with 1, which means something else here."""
        # Rich calls this where it handles the BrokenPipeError.
        raise


class Terminal:
    """Stdout and stderr as a person, or a pipe, sees them. Close it at the end."""

    def __init__(self) -> None:
        """Look at what stdout and stderr are; NO_COLOR is heeded."""
        self._out = Screen(highlight=False, soft_wrap=True)
        self._err = Screen(stderr=True, highlight=False, soft_wrap=True)
        self._status: Status | None = None

    @property
    def is_interactive(self) -> bool:
        """Whether a person sees what is shown, and can be asked."""
        return sys.stdin.isatty() and self._err.is_terminal and self._out.file.isatty()

    @property
    def can_ask(self) -> bool:
        """Whether a person sees a question, and can answer."""
        return sys.stdin.isatty() and self._err.is_terminal

    def progress(self, text: str) -> None:
        """Show what is being done: in one line that changes, or in a file a line each."""
        if not self._err.is_terminal:
            self._err.print(Text(text))
            return
        if self._status is None:
            self._status = self._err.status("")
            self._status.start()
        self._status.update(Text(harmless(text)))

    def close(self) -> None:
        """Take the progress display away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def note(self, text: str, *, style: str = "") -> None:
        """Say something beside the result, on stderr."""
        self._err.print(Text(harmless(text), style=style))

    def result(self, text: str, *, style: str = "") -> None:
        """Print a piece of the result, on stdout."""
        self._out.print(Text(harmless(text), style=style))

    def diff(self, diff: str) -> None:
        """Print a unified diff: in color on a terminal, and as it is in a pipe or file.

        There it is UTF-8, as the files are, and plain, whatever FORCE_COLOR and the locale say:
        `git apply` would take an escape for a part of the text.
        """
        if not self._out.file.isatty():
            self._write_plain(diff)
            return
        for line in diff.removesuffix("\n").split("\n"):
            self._out.print(Text(harmless(line.removesuffix("\r")), style=diff_style(line)))

    def output(self, text: str) -> None:
        """Print what another program has printed; a pipe or file gets it as it was."""
        ended = text if text.endswith("\n") or not text else f"{text}\n"
        if self._out.file.isatty():
            self._out.file.write(harmless(ended.replace("\r\n", "\n")))
        else:
            self._write_plain(ended)

    def _write_plain(self, text: str) -> None:
        reconfigure = getattr(self._out.file, "reconfigure", None)
        if reconfigure is not None:
            # A file's name may hold bytes that are no UTF-8; they go out as they are.
            reconfigure(encoding="utf-8", errors="surrogateescape")
        self._out.file.write(text)

    async def confirm(self, question: str, detail: str) -> bool:
        """Ask a question; only a `y` is a yes, and with nobody to ask it is a no."""
        self.close()
        if not self.can_ask:
            self.note(f"Not allowed, since nobody can be asked here: {question}", style="yellow")
            return False
        self.note(f"{detail}\n{question}", style="bold")
        answer = await self.ask("[y/N]")
        return answer is not None and answer.lower() in {"y", "yes"}

    async def ask(self, prompt: str) -> str | None:
        """Wait for a line of a person, without its ends; None when the input has ended."""
        self.close()
        self._err.print(Text(f"{harmless(prompt)} ", style="bold"), end="")
        line = await _line_from_stdin()
        return line.strip() if line else None


def harmless(text: str) -> str:
    """Spell out what would steer the terminal, or mislead a reader, in a text."""
    return _MISLEADING.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def diff_style(line: str) -> str:
    """Give the style of one line of a unified diff."""
    if line.startswith(("+++ ", "--- ")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")


async def _line_from_stdin() -> str:
    """Wait for a line without a thread, which nothing could end while nobody types."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()
    stdin = sys.stdin.fileno()
    loop.add_reader(stdin, lambda: line.done() or line.set_result(sys.stdin.readline()))
    try:
        # A signal that comes just before the loop sleeps does not wake it: so it sleeps for short.
        while not line.done():
            await asyncio.wait({line}, timeout=_NAP_S)
        return line.result()
    finally:
        loop.remove_reader(stdin)
