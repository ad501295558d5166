"""Commits as values, read from the history."""

from collections.abc import Iterator
from dataclasses import dataclass

from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.repository import Repository

_FIELDS = ("%H", "%P", "%an", "%ae", "%aI", "%D", "%s", "%b")
_FORMAT = "--format=tformat:" + "%x00".join(_FIELDS) + "%x00"
_MAX_BODY_CHARS = 2000
_MAX_SUBJECT_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit. Names and messages have no control characters."""

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    date: str
    """When it was written, in ISO 8601 with the author's time zone."""
    refs: tuple[str, ...]
    """Branches and tags that point to it."""
    subject: str
    body: str


async def commits_of(repository: Repository, *arguments: str) -> tuple[Commit, ...]:
    """Give the commits that `git log` finds, in its order.

    Raises: ProgramFailed.
    """
    text = await repository.ask(
        "log", "-z", "--no-color", "--no-show-signature", "--no-mailmap", _FORMAT, *arguments
    )
    return tuple(_commits(text))


def _commits(text: str) -> Iterator[Commit]:
    # Each commit ends in its own NUL, and `-z` puts one more behind it.
    n_parts = len(_FIELDS) + 1
    fields = text.split("\0")
    for start in range(0, len(fields) - n_parts + 1, n_parts):
        yield _commit(fields[start : start + len(_FIELDS)])


def _commit(fields: list[str]) -> Commit:
    commit_id, parents, author, email, date, refs, subject, body = map(plain, fields)
    return Commit(
        id=commit_id,
        parents=tuple(parents.split()),
        author=author,
        email=email,
        date=date,
        refs=tuple(ref for ref in refs.split(", ") if ref),
        subject=_short(subject, _MAX_SUBJECT_CHARS),
        body=_short(body.strip(), _MAX_BODY_CHARS),
    )


def _short(text: str, n_chars: int) -> str:
    return text if len(text) <= n_chars else f"{text[: n_chars - 3]}..."
