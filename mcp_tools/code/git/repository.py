"""The repository that a workspace lies in, and the one way of running git there."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.configuration import doubtful_keys, own_keys, protocol_keys
from mcp_tools.code.git.foreign_objects import foreign_objects
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.errors import Denied, ExpectedError, NotFound, ProgramFailed
from mcp_tools.types.programs import Command, Completed

_FIXED = (
    "git",
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.quotePath=false"),
    *("-c", "core.bigFileThreshold=1m"),
    *("-c", "diff.autoRefreshIndex=false"),
    *("-c", "diff.ignoreSubmodules=dirty"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "log.showSignature=false"),
    *("-c", "color.ui=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)
"""What each call says, whatever a configuration says."""

_WHERE = (
    *("rev-parse", "--is-inside-work-tree", "--show-cdup", "--show-prefix"),
    *("--path-format=absolute", "--git-common-dir"),
)
_LIST = ("config", "--list", "-z", "--show-scope", "--includes")
_TIMEOUT_S = 60.0
_MAX_REASON_CHARS = 2000
_MAX_KEYS_NAMED = 5
_USAGE_EXIT_CODE = 129


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository with a work tree, as seen from the root of a workspace."""

    context: ToolContext
    top: Path
    """The top of the work tree; the root, or above it."""
    prefix: str
    """The root relative to the top, with a `/` at its end; empty if they are the same."""
    keys: tuple[str, ...]
    """What the repository's own configuration sets."""

    @property
    def scope(self) -> tuple[str, ...]:
        """The pathspecs that keep a question within the root; empty if they are not needed."""
        return (".",) if self.prefix else ()

    def check_work_tree(self, tool: str) -> None:
        """See that a look at the work tree starts nothing that the repository names.

        The user's own filters, such as that of git-lfs, act on what the repository says, so it
        takes trust in any case.
        Raises: Denied with the key, and what can be done.
        """
        self.context.check_trusted(f"{tool} looks at the work tree")
        doubtful = doubtful_keys(self.keys)
        if doubtful:
            named = ", ".join(repr(plain(key)) for key in doubtful[:_MAX_KEYS_NAMED])
            more = ", ..." if len(doubtful) > _MAX_KEYS_NAMED else ""
            raise Denied(
                f"{tool} does not look at the work tree: the repository's own configuration sets "
                f"{named}{more}, and such keys can make git start programs; a person can look at "
                f"them with `git config --local --list` and remove them; until then git_log and "
                "questions about revisions, such as git_diff from HEAD~1 to HEAD, still work"
            )

    async def run(self, *arguments: str, stdin: str = "") -> Completed:
        """Run git in the root of the workspace.

        Raises: ProgramFailed if it cannot run, is out of time, or does not know an option.
        """
        done = await _run(self.context, arguments, stdin=stdin)
        if done.exit_code == _USAGE_EXIT_CODE:
            raise ProgramFailed(f"git is too old for this, or broken: {reason_of(done)}")
        return done

    async def ask(self, *arguments: str, stdin: str = "") -> str:
        """Run git and give what it prints.

        Raises: ProgramFailed with git's own words if it fails.
        """
        done = await self.run(*arguments, stdin=stdin)
        if done.exit_code != 0:
            raise ProgramFailed(f"git {arguments[0]} failed: {reason_of(done)}")
        return done.stdout

    def path_of(self, name: str) -> str | None:
        """Give a path that git named from the top as one from the root; None if it is outside."""
        return name.removeprefix(self.prefix) if name.startswith(self.prefix) else None


async def open_repository(context: ToolContext) -> Repository:
    """Find the repository that the workspace lies in.

    Raises: NotFound if it lies in none, or in one without a work tree; Denied if to read it could
        reach the network, or it is kept elsewhere and the workspace is not trusted;
        ProgramFailed if git is missing, or does not trust the folder.
    """
    top, prefix, folder = _place(context, await _run(context, _WHERE))
    if not context.is_trusted:
        await _check_own(context, top, folder)
    listing = await _run(context, _LIST)
    if listing.exit_code != 0:
        raise ProgramFailed(f"the configuration of git cannot be read: {reason_of(listing)}")
    keys = own_keys(listing.stdout)
    reaching = protocol_keys(keys)
    if reaching:
        raise Denied(
            f"the repository's own configuration sets {plain(reaching[0])!r}, so that to read it "
            "could reach the network; a person can unset that key"
        )
    return Repository(context=context, top=top, prefix=prefix, keys=keys)


def reason_of(done: Completed) -> str:
    """Give what git said about its failure, without hints, as one bounded text."""
    lines = [line for line in plain(done.stderr).splitlines() if not line.startswith("hint:")]
    text = "\n".join(lines).strip() or plain(done.stdout).strip()
    return text[:_MAX_REASON_CHARS] or f"exit code {done.exit_code}"


def _place(context: ToolContext, done: Completed) -> tuple[Path, str, Path]:
    """Give the top of the work tree, the root from there, and the folder of the repository."""
    lines = done.stdout.split("\n")
    if done.exit_code != 0:
        reason = reason_of(done)
        if "not a git repository" in reason or "safe.bareRepository" in reason:
            raise NotFound(
                f"the workspace {str(context.root)!r} is in no git repository; read_file, grep and "
                "glob work without one, and a person can make one by `git init`"
            )
        raise ProgramFailed(f"git does not work here: {reason}")
    if lines[0] != "true":
        raise NotFound(
            "the workspace is inside of a repository's own folder, or of a bare repository; there "
            "is no work tree to look at"
        )
    return Path(os.path.normpath(context.root / lines[1])), lines[2], Path(lines[3])


async def _check_own(context: ToolContext, top: Path, folder: Path) -> None:
    """See that what would be told is the history of this folder, and of no other of the user's.

    A file or link in the place of `.git` can name any repository, and so can files in it.
    Raises: Denied.
    """
    if folder != top / ".git":
        context.check_trusted(f"the history in {plain(str(folder))!r} is read")
    foreign = await asyncio.to_thread(foreign_objects, folder)
    if foreign:
        context.check_trusted(f"what {plain(foreign)!r} in `.git` leads to is read")


async def _run(context: ToolContext, arguments: Sequence[str], *, stdin: str = "") -> Completed:
    command = Command(
        argv=(*_FIXED, *arguments),
        cwd=context.root,
        stdin=stdin,
        timeout_s=_TIMEOUT_S,
        not_below=context.root,
    )
    try:
        return await context.programs.run(command)
    except UnicodeEncodeError as error:
        raise ExpectedError("an argument has a character that cannot be passed on") from error
