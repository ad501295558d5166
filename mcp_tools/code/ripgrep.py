"""Questions to ripgrep, and its answers as values."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

from mcp_tools.types.calls import Programs
from mcp_tools.types.errors import OutputTooLong, ProgramFailed
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
MAX_HITS_BYTES = 16 * 1024 * 1024
"""Of what ripgrep prints of the lines that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for in the text of files."""

    pattern: str
    is_literal: bool = False
    ignores_case: bool = False
    n_context_lines: int = 0
    glob: str | None = None
    """Relative to the folder of the search; None for every file."""
    is_multiline: bool = False
    """A match may reach over line ends."""


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


@dataclass(frozen=True, slots=True)
class Substitution:
    """New text for one match; offsets count bytes of UTF-8 from the start of the file."""

    start: int
    end: int
    text: str


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
    command = Command(argv=argv, cwd=folder, max_output_bytes=MAX_HITS_BYTES)
    try:
        completed = _checked(await programs.run(command))
    except OutputTooLong as error:
        raise ProgramFailed(
            "the lines that match are too long, or match in too many places, to be shown; leave "
            "such files out by a glob such as `!*.min.js`, look for more than a few characters, "
            "or ask for the files only"
        ) from error
    hits = await asyncio.to_thread(_hits, completed.stdout, folder, query.n_context_lines)
    return sorted(hits, key=lambda hit: (hit.path, hit.line_number))


async def find_substitutions(
    programs: Programs, query: Query, folder: Path, replacement: str | None = None
) -> dict[Path, list[Substitution]]:
    """Give what takes the place of each match below a folder, ignored files included.

    The replacement may name groups of the pattern, as `$1` or `${name}`; without one the new
    texts are empty.
    Raises: ProgramFailed if the pattern is not valid.
    """
    replacing = () if replacement is None else (f"--replace={replacement}",)
    walk = (*_WALK, "--no-ignore")
    argv = ("rg", *walk, *_matching(query), "--json", *replacing, "--", "./")
    completed = _checked(await programs.run(Command(argv=argv, cwd=folder)))
    return await asyncio.to_thread(_found, completed.stdout, folder)


def _found(output: str, folder: Path) -> dict[Path, list[Substitution]]:
    found: dict[Path, list[Substitution]] = {}
    for message in _messages(output):
        data = message.data
        if message.type == "match" and data.path is not None:
            path = folder / data.path.data().decode("utf-8", "replace")
            found.setdefault(path, []).extend(_substitutions(data))
    return found


def _substitutions(data: "_Data") -> Iterator[Substitution]:
    for match in data.submatches:
        text = match.replacement.data().decode("utf-8", "replace") if match.replacement else ""
        yield Substitution(
            data.absolute_offset + match.start, data.absolute_offset + match.end, text
        )


def _matching(query: Query) -> tuple[str, ...]:
    if "\0" in query.pattern:
        raise ProgramFailed("expected a pattern without NUL characters; no text file has any")
    options = ["--crlf", f"--regexp={query.pattern}"]
    if query.is_literal:
        options.append("--fixed-strings")
    if query.ignores_case:
        options.append("--ignore-case")
    if query.is_multiline:
        options.append("--multiline")
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
    end: int
    replacement: _Text | None = None


class _Data(BaseModel):
    path: _Text | None = None
    lines: _Text | None = None
    line_number: int | None = None
    absolute_offset: int = 0
    submatches: tuple[_Match, ...] = ()
    binary_offset: int | None = None


class _Message(BaseModel):
    type: str
    data: _Data


def _messages(output: str) -> Iterator[_Message]:
    for line in output.split("\n"):
        if line:
            yield _Message.model_validate_json(line)


def _hits(output: str, folder: Path, n_context_lines: int) -> list[Hit]:
    found: list[Hit] = []
    messages: list[_Data] = []
    for message in _messages(output):
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
