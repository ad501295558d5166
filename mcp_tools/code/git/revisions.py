"""Revisions by the names that people give them, as the ids of commits."""

from typing import Annotated

from pydantic import Field

from mcp_tools.code.git.repository import Repository
from mcp_tools.types.errors import InvalidEdit, NotFound

Revision = Annotated[str, Field(max_length=500)]
"""A field that names a commit."""


async def commit_of(repository: Repository, revision: str) -> str:
    """Give the full id of the commit that a revision names.

    Raises: NotFound if it names none; InvalidEdit if it looks like an option.
    """
    if revision.startswith("-") or "\0" in revision:
        raise InvalidEdit(f"expected a revision such as HEAD~1 or main, got {revision!r}")
    done = await repository.run(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if done.exit_code != 0:
        if not await head_of(repository):
            raise NotFound(f"there is no commit {revision!r}: the branch has no commits yet")
        raise NotFound(
            f"there is no commit {revision!r}; git_log shows those that there are, and a branch "
            "of a remote has a name such as origin/main"
        )
    return done.stdout.strip()


async def head_of(repository: Repository) -> str:
    """Give the id of the current commit; empty if there is none yet."""
    done = await repository.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return done.stdout.strip() if done.exit_code == 0 else ""


async def range_of(repository: Repository, text: str) -> tuple[str, ...]:
    """Give what `A..B`, `A...B` or one revision stands for, in ids of commits.

    Raises: NotFound, InvalidEdit.
    """
    for dots in ("...", ".."):
        first, found, last = text.partition(dots)
        if found:
            start = await commit_of(repository, first or "HEAD")
            end = await commit_of(repository, last or "HEAD")
            return (f"{start}{dots}{end}",)
    return (await commit_of(repository, text),)
