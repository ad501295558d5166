"""What git says of the work tree, the index and the branch.

Source: git-status(1), porcelain format version 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.repository import Repository

_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "REBASE_HEAD": "rebase",
    "refs/bisect/bad": "bisect",
}
_WORDS = {
    "A": "added",
    "C": "copied",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type changed",
}
_UNCHANGED = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that differs, as git names it."""

    path: str
    """From the top of the work tree."""
    kind: str
    """`added`, `modified`, `deleted`, `renamed`, `copied` or `type changed`."""
    old_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of a work tree. Paths are from its top, in the order of git."""

    branch: str = ""
    """Empty if no branch is checked out."""
    commit: str = ""
    """Empty if there is none yet."""
    upstream: str = ""
    n_ahead: int | None = None
    """None if there is no upstream, or it is gone."""
    n_behind: int | None = None
    operation: str = ""
    """What is not finished, such as `merge`; empty for nothing."""
    staged: tuple[Change, ...] = ()
    unstaged: tuple[Change, ...] = ()
    conflicts: tuple[str, ...] = ()
    untracked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    headers: dict[str, str] = field(default_factory=dict[str, str])
    staged: list[Change] = field(default_factory=list[Change])
    unstaged: list[Change] = field(default_factory=list[Change])
    conflicts: list[str] = field(default_factory=list[str])
    untracked: list[str] = field(default_factory=list[str])


async def status_of(repository: Repository) -> Status:
    """Ask for the status of what lies below the root.

    What is changed within submodules is not looked at: their configuration is their own.
    Raises: ProgramFailed.
    """
    text = await repository.ask(
        "status",
        "--porcelain=v2",
        "-z",
        "--branch",
        "--untracked-files=all",
        "--ignore-submodules=dirty",
        "--renames",
        "--",
        *repository.scope,
    )
    return replace(parse_status(text), operation=await _operation(repository))


def parse_status(text: str) -> Status:
    """Read the output of `git status --porcelain=v2 -z --branch`."""
    reading = _Reading()
    fields = iter(text.split("\0"))
    for entry in fields:
        _take(entry, fields, reading)
    ahead, behind = _distance(reading.headers.get("branch.ab", ""))
    head, commit = reading.headers.get("branch.head", ""), reading.headers.get("branch.oid", "")
    return Status(
        branch="" if head == "(detached)" else plain(head),
        commit="" if commit == "(initial)" else commit,
        upstream=plain(reading.headers.get("branch.upstream", "")),
        n_ahead=ahead,
        n_behind=behind,
        staged=tuple(reading.staged),
        unstaged=tuple(reading.unstaged),
        conflicts=tuple(reading.conflicts),
        untracked=tuple(reading.untracked),
    )


def _take(entry: str, rest: Iterator[str], reading: _Reading) -> None:
    match entry[:2]:
        case "# ":
            name, _, value = entry[2:].partition(" ")
            reading.headers[name] = value
        case "1 ":
            _take_change(entry.split(" ", 8), None, reading)
        case "2 ":
            _take_change(entry.split(" ", 9), next(rest, None), reading)
        case "u ":
            reading.conflicts.append(entry.split(" ", 10)[10])
        case "? ":
            reading.untracked.append(entry[2:])
        case _:
            pass


def _take_change(parts: list[str], old_path: str | None, reading: _Reading) -> None:
    index, tree = parts[1]
    path = parts[-1]
    for letter, changes in ((index, reading.staged), (tree, reading.unstaged)):
        if letter != _UNCHANGED:
            old = old_path if letter in "RC" else None
            kind = _WORDS.get(letter, "modified")
            changes.append(Change(path=path, kind=kind, old_path=old))


def _distance(text: str) -> tuple[int | None, int | None]:
    ahead, _, behind = text.partition(" ")
    return (int(ahead), -int(behind)) if ahead and behind else (None, None)


async def _operation(repository: Repository) -> str:
    names = "\n".join(_OPERATIONS)
    text = await repository.ask("cat-file", "--batch-check", stdin=f"{names}\n")
    found = [
        word
        for word, line in zip(_OPERATIONS.values(), text.splitlines(), strict=False)
        if not line.endswith(" missing")
    ]
    return found[0] if found else ""
