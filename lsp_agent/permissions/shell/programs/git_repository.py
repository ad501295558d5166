"""What in a repository may have git run a program, or read what is not there.

Read from its files, as git would do it, before git does. Nothing is started for that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from lsp_agent.permissions.shell.programs.options import words

_MAX_CONFIG_BYTES = 200_000
_MAX_INDEX_BYTES = 200_000_000

_HARMLESS_KEYS = words("""
    core.repositoryformatversion core.filemode core.bare core.logallrefupdates core.ignorecase
    core.precomposeunicode core.symlinks core.autocrlf core.eol core.safecrlf core.quotepath
    core.longpaths core.abbrev core.compression core.untrackedcache core.editor
    extensions.worktreeconfig extensions.objectformat extensions.refstorage
    remote.*.url remote.*.pushurl remote.*.fetch remote.*.prune remote.*.tagopt
    remote.*.gh-resolved remote.pushdefault
    branch.*.remote branch.*.pushremote branch.*.merge branch.*.rebase branch.*.description
    branch.*.vscode-merge-base branch.*.github-pr-owner-number branch.autosetuprebase
    user.name user.email user.signingkey author.* committer.* commit.gpgsign tag.gpgsign
    pull.* push.* fetch.prune fetch.prunetags rebase.* rerere.* init.* gc.auto maintenance.*
    color.* advice.* lfs.repositoryformatversion lfs.*.access lfs.*.locksverify
    submodule.*.url submodule.*.active diff.algorithm diff.renames diff.colormoved
    merge.conflictstyle log.date status.showuntrackedfiles credential.* http.*
""")
"""Settings that no reading command makes a program of; the last two are for the network only."""

_HOOKS_PATH = "core.hookspath"
"""Where hooks are; commands that read only objects run none."""

_GITLINK_MODE = b"\x00\x00\xe0\x00"
"""How the index marks a submodule. Git runs itself in there, with that one's configuration."""

_LINE = re.compile(
    r"[ \t]*"
    r"(?:\[(?P<section>[A-Za-z0-9.-]+)(?:[ \t]+\"(?P<name>(?:[^\"\\]|\\.)*)\")?[ \t]*\][ \t]*)?"
    r"(?:(?P<key>[A-Za-z][A-Za-z0-9-]*)[ \t]*(?:=(?P<value>.*))?)?(?:[#;].*)?"
)
_GITFILE = re.compile(r"gitdir: (.+?)\n*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """What to be wary of, each in a few words for a person."""

    of_objects: tuple[str, ...] = ()
    """For commands that read commits, trees and names."""
    of_files: tuple[str, ...] = ()
    """For commands that look at the index or the work tree, besides."""


def hazards_of(cwd: Path) -> Hazards:
    """Look at each repository that a command in a folder might take for its own.

    Git passes over what is no sound repository, so all those above the folder count.
    """
    of_objects: list[str] = []
    of_files: list[str] = []
    try:
        for folder in (cwd, *cwd.parents):
            if (folder / "HEAD").exists():
                of_objects.append(f"{folder.name or '/'} looks like a bare repository")
            for git_folder in _git_folders(folder / ".git"):
                keys = tuple(_harmful_keys(git_folder))
                of_objects += [key for key in keys if key != _HOOKS_PATH]
                of_files += [key for key in keys if key == _HOOKS_PATH]
                of_files += _hazards_of_index(git_folder)
    except (OSError, ValueError) as error:
        of_objects.append(f"the repository cannot be read: {type(error).__name__}")
    return Hazards(of_objects=tuple(of_objects), of_files=tuple(of_files))


def _git_folders(at: Path) -> Iterator[Path]:
    """Give the folder of a repository, and the one that its work trees share."""
    if at.is_dir():
        folder = at
    elif at.exists():
        match = _GITFILE.fullmatch(at.read_text(encoding="utf-8"))
        if match is None:
            raise ValueError("no file that leads to a repository")
        folder = at.parent / match[1]
    else:
        return
    yield folder
    shared = folder / "commondir"
    if shared.exists():
        yield folder / shared.read_text(encoding="utf-8").rstrip("\n")


def _harmful_keys(git_folder: Path) -> Iterator[str]:
    for name in ("config", "config.worktree"):
        path = git_folder / name
        if path.exists():
            for key in _keys(_read(path, _MAX_CONFIG_BYTES).decode("utf-8")):
                if not any(fnmatchcase(key, harmless) for harmless in _HARMLESS_KEYS):
                    yield key


def _keys(text: str) -> Iterator[str]:
    """Give the settings of a configuration in lower case.

    Raises: ValueError where the text is not in the plain form that git itself writes.
    """
    section = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        match = _LINE.fullmatch(line)
        if match is None or line.endswith("\\"):
            raise ValueError("no plain line of a configuration")
        if match["section"]:
            section = ".".join(filter(None, (match["section"], match["name"])))
        if match["key"]:
            yield f"{section}.{match['key']}".lower()


def _hazards_of_index(git_folder: Path) -> Iterator[str]:
    if (git_folder / "hooks" / "post-index-change").exists():
        yield "the hook post-index-change"
    if any(git_folder.glob("sharedindex.*")):
        yield "a shared index"
    index = git_folder / "index"
    if index.exists() and _GITLINK_MODE in _read(index, _MAX_INDEX_BYTES):
        yield "submodules, with settings of their own"


def _read(path: Path, max_bytes: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise ValueError("too large")
    return content
