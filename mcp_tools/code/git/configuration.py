"""What a repository's own configuration says, and which of it is known to start nothing.

Source: git-config(1) of git 2.39 to 2.52, read in November 2026.
"""

import re
from collections.abc import Iterator

_OWN_TO_THE_USER = frozenset({"system", "global", "command"})
"""Scopes that no repository can write: the user's filters and keys are the user's choice."""

_HARMLESS = re.compile(
    r"""
    core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode
        |symlinks|autocrlf|eol|safecrlf|quotepath|abbrev|untrackedcache|sparsecheckout
        |sparsecheckoutcone|preloadindex|trustctime|checkstat|longpaths|protecthfs|protectntfs
        |commentchar|whitespace|compression|bigfilethreshold
        # These name programs, but each call of ours says something else.
        |fsmonitor|hookspath|pager|editor)
    | extensions\.(?:objectformat|refstorage|worktreeconfig|relativeworktrees
        |partialclone)
    | remote\.(?:.+\.)?(?:url|fetch|push|pushurl|prune|prunetags|tagopt|mirror|gh-resolved
        |promisor|partialclonefilter)
    | remote\.pushdefault
    | branch\..+
    | user\.(?:name|email|signingkey|useconfigonly)
    | (?:author|committer)\.(?:name|email)
    | submodule\.(?:.+\.)?(?:url|active|branch|ignore)
    | (?:pull|push|fetch|rebase|merge|rerere|gc|index|pack|init|color|column|gui|maintenance)
        \.[a-z]+
    | advice\.[a-z]+
    | status\.[a-z]+
    | commit\.(?:gpgsign|cleanup|status|verbose)
    | tag\.(?:gpgsign|sort)
    | diff\.(?:algorithm|renames|renamelimit|colormoved|colormovedws|context|mnemonicprefix
        |noprefix|indentheuristic|external|submodule|ignoresubmodules|wserrorhighlight)
    | lfs\.repositoryformatversion
    """,
    re.VERBOSE,
)
"""Keys, in small letters, of which none starts a program in the commands that are run here."""


def own_keys(listing: str) -> tuple[str, ...]:
    """Give the keys that a repository set for itself, in order and each once.

    `listing` is the output of `git config --list -z --show-scope --includes`.
    """
    return tuple(dict.fromkeys(_own_keys(listing)))


def doubtful_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Give those keys that are not known to start nothing."""
    return tuple(key for key in keys if _HARMLESS.fullmatch(key.lower()) is None)


def protocol_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Give those keys that say which addresses git may go to.

    Without them nothing is fetched, because each call forbids it: not even the missing objects of
    a partial clone.
    """
    return tuple(key for key in keys if key.lower().startswith("protocol."))


def _own_keys(listing: str) -> Iterator[str]:
    fields = listing.split("\0")
    for scope, entry in zip(fields[::2], fields[1::2], strict=False):
        if scope not in _OWN_TO_THE_USER:
            yield entry.partition("\n")[0]
