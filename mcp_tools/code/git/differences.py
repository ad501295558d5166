"""What changed in which file, and the lines of it that there is room for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.repository import Repository

_FLAGS = (
    "diff",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--find-renames",
    "--relative",
    "--submodule=short",
    "--ignore-submodules=dirty",
)
_PATCH_FLAGS = (
    "--patch",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--unified=3",
    "--no-indent-heuristic",
)
_MAX_LINE_CHARS = 1000
_FRAME_LINES = 12
"""What a file's patch has beside the lines that changed, at the least."""
_MAX_PATCHES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDifference:
    """How much of one file changed."""

    path: str
    """From the root."""
    old_path: str | None
    n_added: int | None
    """None for a file that is not compared by lines: a binary or a very large one."""
    n_removed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What changed."""

    files: tuple[FileDifference, ...]
    patch: str
    """In the format of git; of the first files only, if there are many or they are large."""
    left_out: tuple[str, ...]
    """The files that the patch does not show."""


async def differences(
    repository: Repository, versions: Sequence[str], paths: Sequence[str], *, max_lines: int
) -> Differences:
    """Compare what `versions` name: ids of commits or trees, or `--cached`.

    Raises: ProgramFailed.
    """
    chosen = tuple(paths) or (".",)
    text = await repository.ask(*_FLAGS, "--numstat", "-z", *versions, "--", *chosen)
    files = tuple(_files(text))
    shown = tuple(_fitting(files, max_lines))
    names = [name for file in shown for name in (file.path, file.old_path) if name is not None]
    patch = ""
    if names:
        patch = await repository.ask(*_FLAGS, *_PATCH_FLAGS, *versions, "--", *names)
    left_out = tuple(file.path for file in files[len(shown) :])
    return Differences(files=files, patch=_with_short_lines(patch), left_out=left_out)


def _files(text: str) -> Iterator[FileDifference]:
    fields = iter(text.split("\0"))
    for entry in fields:
        if not entry:
            continue
        added, removed, path = entry.split("\t", 2)
        old = None
        if not path:
            old, path = next(fields), next(fields)
        yield FileDifference(
            path=path, old_path=old, n_added=_number(added), n_removed=_number(removed)
        )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _fitting(files: Sequence[FileDifference], max_lines: int) -> Iterator[FileDifference]:
    n_lines = 0
    for n_files, file in enumerate(files):
        n_lines += _FRAME_LINES + (file.n_added or 0) + (file.n_removed or 0)
        if n_lines > max_lines or n_files == _MAX_PATCHES:
            return
        yield file


def _with_short_lines(patch: str) -> str:
    lines = (plain(line) for line in patch.split("\n"))
    return "\n".join(
        line if len(line) <= _MAX_LINE_CHARS else f"{line[:_MAX_LINE_CHARS]}..." for line in lines
    )
