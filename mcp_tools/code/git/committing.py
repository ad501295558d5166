"""Making a commit: of what, with which message, and what must hold before."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.commits import Commit, commits_of
from mcp_tools.code.git.repository import Repository, reason_of
from mcp_tools.code.git.selecting import listed, pathspecs, unseen
from mcp_tools.code.git.status import Change, Status, status_of
from mcp_tools.types.errors import InvalidEdit, NotFound, ProgramFailed, StaleEdit

DISCLOSURE = "Assisted-by: lsp-agent"
"""Says openly that an agent helped."""

_TRAILER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: \S.*")
_IDENTITIES = ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
_ONLY_CONFIGURED = ("-c", "user.useConfigOnly=true")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be committed."""

    message: str
    paths: tuple[Path, ...] = ()
    """Files and folders; if there are none, what is staged."""
    is_everything: bool = False
    """All changes below the root, new files included."""


def with_disclosure(message: str) -> str:
    """Give a message with the line that says that an agent helped, among its trailers."""
    text = message.strip()
    if DISCLOSURE in text.splitlines():
        return text
    *before, last = re.split(r"\n[ \t]*\n", text)
    is_trailers = bool(before) and all(_TRAILER.fullmatch(line) for line in last.splitlines())
    return f"{text}{chr(10) if is_trailers else chr(10) * 2}{DISCLOSURE}"


async def commit(repository: Repository, wish: Wish) -> Commit:
    """Commit, and give the new commit. Hooks do not run; nothing is amended or pushed.

    Raises: InvalidEdit if there is nothing to commit, or a conflict is open; StaleEdit if a file
        to be committed has unsaved or held text; ProgramFailed if git refuses.
    """
    status = await status_of(repository)
    touched = _touched(repository, wish, status)
    await _check(repository, wish, status, touched)
    await _check_identity(repository)
    meant = _within(repository, touched)
    names: tuple[str, ...] = ()
    if _is_of_work_tree(wish):
        await _stage(repository, _among((*_names(status.unstaged), *_untracked(status)), meant))
        # All of a whole work tree is what is staged now; and only so a merge can be concluded.
        if wish.paths or repository.prefix:
            names = _among(_different(status), meant)
    done = await repository.run(
        "commit",
        "--quiet",
        "--no-verify",
        "--no-post-rewrite",
        "--no-edit",
        "--cleanup=whitespace",
        f"--message={_said(repository, wish.message)}",
        *(("--only", "--pathspec-from-file=-", "--pathspec-file-nul") if names else ()),
        stdin="".join(f"{name}\0" for name in _from_root(repository, names)),
    )
    if done.exit_code != 0:
        raise ProgramFailed(f"nothing was committed: {reason_of(done)}")
    return (await commits_of(repository, "-1"))[0]


def _said(repository: Repository, message: str) -> str:
    """Give a message as it is committed; the user alone can have it say less."""
    publishing = repository.context.publishing
    return with_disclosure(message) if publishing.discloses_agent else message.strip()


async def names_in(repository: Repository, made: Commit) -> tuple[str, ...]:
    """Give the files that a commit changed against its first parent, from the top.

    Raises: ProgramFailed.
    """
    versions = (*made.parents[:1], made.id) if made.parents else ("--root", made.id)
    text = await repository.ask(
        *("diff-tree", "--no-commit-id", "--name-only", "-r", "-z", "--no-renames"),
        *("--no-ext-diff", "--no-textconv", *versions),
    )
    return tuple(plain(name) for name in text.split("\0") if name)


def _is_of_work_tree(wish: Wish) -> bool:
    return wish.is_everything or bool(wish.paths)


def _touched(repository: Repository, wish: Wish, status: Status) -> tuple[Path, ...]:
    """Give the files and folders that the commit is about."""
    if wish.is_everything:
        return (repository.context.root,)
    return wish.paths or tuple(repository.top / change.path for change in status.staged)


async def _check(
    repository: Repository, wish: Wish, status: Status, touched: Sequence[Path]
) -> None:
    """See that there is something to commit, and that it is what the session knows."""
    if status.conflicts:
        raise InvalidEdit(
            f"conflicts are open in {listed(status.conflicts)}; nothing was committed; resolve "
            "them, and stage the files, for instance by `git add` with the tool shell"
        )
    if not touched:
        raise InvalidEdit("nothing is staged; name the files in paths, or pass all=true")
    if _is_of_work_tree(wish) and not _among(_different(status), _within(repository, touched)):
        specs = pathspecs(repository.context, touched)
        raise InvalidEdit(
            f"nothing to commit: {listed(specs)} is as in the last commit, or ignored"
        )
    covered = await unseen(repository.context, touched)
    if covered:
        raise StaleEdit(
            f"git would commit what is on disk, but {listed(covered)} has unsaved or held text; "
            "nothing was committed; save it in the editor, or accept the held edits, and try again"
        )


def _within(repository: Repository, paths: Sequence[Path]) -> tuple[PurePosixPath, ...]:
    """Give paths as git names them, from the top."""
    return tuple(PurePosixPath(path.relative_to(repository.top).as_posix()) for path in paths)


def _from_root(repository: Repository, names: Sequence[str]) -> tuple[str, ...]:
    found = (repository.path_of(name) for name in names)
    return tuple(name for name in found if name is not None)


def _among(names: Iterable[str], touched: Sequence[PurePosixPath]) -> tuple[str, ...]:
    """Give those names that are, or lie in, what is touched."""
    return tuple(name for name in names if _is_in(PurePosixPath(name), touched))


def _is_in(name: PurePosixPath, touched: Sequence[PurePosixPath]) -> bool:
    return any(each == name or each in name.parents for each in touched)


def _untracked(status: Status) -> Iterator[str]:
    # A folder is a repository of its own, which nobody meant to make a submodule.
    yield from (name for name in status.untracked if not name.endswith("/"))


def _different(status: Status) -> Iterator[str]:
    yield from _names(status.staged)
    yield from _names(status.unstaged)
    yield from _untracked(status)


def _names(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        yield change.path
        # What was copied from is still there, and as it was.
        if change.old_path is not None and change.kind == "renamed":
            yield change.old_path


async def _check_identity(repository: Repository) -> None:
    for name in _IDENTITIES:
        done = await repository.run(*_ONLY_CONFIGURED, "var", name)
        if done.exit_code != 0:
            raise NotFound(
                "nothing was committed, because git does not know who commits; a person can say "
                "so by `git config --global user.name NAME` and `git config --global user.email "
                "ADDRESS`"
            )


async def _stage(repository: Repository, names: Sequence[str]) -> None:
    """Put files into the index as they are on disk, or out of it.

    `git add` would look into submodules, whose configuration is their own; this does not.
    """
    done = await repository.run(
        *("update-index", "--add", "--remove", "--replace", "-z", "--stdin"),
        stdin="".join(f"{name}\0" for name in _from_root(repository, names)),
    )
    if done.exit_code != 0:
        raise ProgramFailed(f"nothing was committed: {reason_of(done)}")
