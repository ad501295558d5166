"""Questions to ripgrep, and its answers as values."""

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

from mcp_tools.types.calls import Programs
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.programs import Command, Completed

# The same rules as a snapshot's `is_ignored`: nothing from outside of the tree counts, and no
# configuration of the user changes what is found.
_WALK = (
    "--no-config",
    "--hidden",
    "--no-follow",
    "--no-require-git",
    "--no-ignore-global",
    "--no-ignore-exclude",
    "--no-ignore-parent",
    "--no-messages",
    "--color=never",
)
_NOT_GIT = "--glob=!.git"
_COUNT = re.compile(r"([^\0]+)\0(\d+)\r?\n")
MAX_CONTEXT_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for in the text of files."""

    pattern: str
    is_literal: bool = False
    ignores_case: bool = False
    n_context_lines: int = 0
    glob: str | None = None
    """Relative to the folder of the search; None for every file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line that matches, with the lines around it; texts have no line end."""

    path: Path
    line_number: int
    column: int
    """Of the first match in the line: from 1, in code points."""
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


async def list_files(programs: Programs, folder: Path, below: str, *options: str) -> list[Path]:
    """Give the files below `folder`/`below` that would be searched, unsorted."""
    argv = ("rg", *_WALK, *options, "--files", "--null", _NOT_GIT, "--", f"./{below}")
    completed = _checked(await programs.run(Command(argv=argv, cwd=folder)))
    return [folder / name for name in completed.stdout.split("\0") if name]


async def count_hits(
    programs: Programs, query: Query, folder: Path, below: str, *options: str
) -> dict[Path, int]:
    """Give how many lines match in each file below `below`, for files with any.

    Raises: ProgramFailed if the pattern or the glob is not valid.
    """
    globs = (f"--glob={query.glob}", _NOT_GIT) if query.glob else (_NOT_GIT,)
    counting = ("--count", "--null", "--with-filename")
    argv = ("rg", *_WALK, *options, *_matching(query), *counting, *globs, "--", f"./{below}")
    completed = _checked(await programs.run(Command(argv=argv, cwd=folder)))
    return {folder / name: int(count) for name, count in _COUNT.findall(completed.stdout)}


async def find_hits(
    programs: Programs, query: Query, folder: Path, paths: Sequence[Path], *, max_hits: int
) -> list[Hit]:
    """Give the matching lines of text files, sorted, at most `max_hits` of each."""
    names = [f"./{path.relative_to(folder).as_posix()}" for path in paths]
    argv = (
        *("rg", *_WALK, *_matching(query), "--json", f"--max-count={max_hits}"),
        *(f"--context={query.n_context_lines}", "--", *names),
    )
    completed = _checked(await programs.run(Command(argv=argv, cwd=folder)))
    return sorted(
        _hits(completed.stdout, folder, query.n_context_lines),
        key=lambda hit: (hit.path, hit.line_number),
    )


def _matching(query: Query) -> tuple[str, ...]:
    if "\0" in query.pattern:
        raise ProgramFailed("expected a pattern without NUL characters; no text file has any")
    options = ["--crlf", f"--regexp={query.pattern}"]
    if query.is_literal:
        options.append("--fixed-strings")
    if query.ignores_case:
        options.append("--ignore-case")
    return tuple(options)


def _checked(completed: Completed) -> Completed:
    """Let pass what ran; files that it could not open make no message and are left out.

    Raises: ProgramFailed with one line of what ripgrep says, or when it was ended half-way.
    """
    if completed.exit_code < 0:
        raise ProgramFailed(
            f"ripgrep was ended by signal {-completed.exit_code}; a rule file such as .gitignore "
            "may be too large or a link to a device, so search a folder that does not have it"
        )
    if completed.exit_code > 1 and completed.stderr.strip():
        raise ProgramFailed(_reason(completed.stderr))
    return completed


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    reason = errors[0] if errors else lines[0].removeprefix("rg: ")
    if "glob" in reason:
        return f"the glob is not valid: {reason}"
    return (
        f"the pattern is not a valid regular expression: {reason}; "
        "correct it, or pass literal=true to search for the text as it stands"
    )


class _Text(BaseModel):
    """A text as ripgrep gives it: as it is, or as bytes when it is not UTF-8."""

    text: str | None = None
    base64: str | None = Field(default=None, validation_alias="bytes")

    def data(self) -> bytes:
        if self.text is not None:
            return self.text.encode("utf-8", "surrogatepass")
        return b64decode(self.base64 or "")


class _Match(BaseModel):
    start: int


class _Data(BaseModel):
    path: _Text | None = None
    lines: _Text | None = None
    line_number: int | None = None
    submatches: tuple[_Match, ...] = ()
    binary_offset: int | None = None


class _Message(BaseModel):
    type: str
    data: _Data


def _hits(output: str, folder: Path, n_context_lines: int) -> list[Hit]:
    found: list[Hit] = []
    messages: list[_Data] = []
    for line in output.split("\n"):
        if not line:
            continue
        message = _Message.model_validate_json(line)
        match message.type:
            case "begin":
                messages = []
            case "match" | "context":
                messages.append(message.data)
            case "end" if message.data.binary_offset is None:
                found += _hits_of_file(messages, folder, n_context_lines)
            case _:
                pass
    return found


def _hits_of_file(messages: Sequence[_Data], folder: Path, n_context_lines: int) -> list[Hit]:
    texts = {message.line_number or 0: _line(message) for message in messages}
    found: list[Hit] = []
    for message in messages:
        if not message.submatches or message.path is None or message.lines is None:
            continue
        number = message.line_number or 0
        around = range(number - n_context_lines, number + n_context_lines + 1)
        before = message.lines.data()[: message.submatches[0].start]
        hit = Hit(
            path=folder / message.path.data().decode("utf-8", "replace"),
            line_number=number,
            column=len(before.decode("utf-8", "replace")) + 1,
            text=texts[number],
            before=tuple(texts[n] for n in around if n < number and n in texts),
            after=tuple(texts[n] for n in around if n > number and n in texts),
        )
        found.append(hit)
    return found


def _line(message: _Data) -> str:
    data = message.lines.data() if message.lines else b""
    return data.decode("utf-8", "replace").rstrip("\r\n")
