"""Which keys of a repository's configuration are known to start nothing."""

import pytest

from mcp_tools.code.git.configuration import doubtful_keys, own_keys, protocol_keys

LISTING = (
    "system\0core.pager\nless\0"
    "global\0filter.lfs.clean\ngit-lfs clean -- %f\0"
    "local\0core.bare\nfalse\0"
    "local\0remote.origin.url\na\nb\0"
    "worktree\0filter.x.clean\nevil\0"
    "local\0alias.novalue\0"
    "command\0core.fsmonitor\nfalse\0"
)


def test_what_the_user_set_is_no_key_of_the_repository() -> None:
    assert own_keys(LISTING) == (
        "core.bare",
        "remote.origin.url",
        "filter.x.clean",
        "alias.novalue",
    )


@pytest.mark.parametrize(
    "key",
    [
        "filter.x.clean",
        "filter.x.process",
        "filter.lfs.smudge",
        "diff.x.textconv",
        "diff.x.command",
        "include.path",
        "includeif.gitdir:/a.path",
        "core.worktree",
        "core.attributesfile",
        "core.sshcommand",
        "core.gitproxy",
        "core.alternaterefscommand",
        "gpg.program",
        "gpg.ssh.program",
        "trailer.x.command",
        "alias.st",
        "merge.x.driver",
        "submodule.x.update",
        "remote.origin.uploadpack",
        "remote.origin.vcs",
        "credential.helper",
        "interactive.difffilter",
        "no-such.key",
        "user.nameX.y",
        "",
    ],
)
def test_what_can_start_something_or_is_unknown_is_doubtful(key: str) -> None:
    assert doubtful_keys((key,)) == (key,)


@pytest.mark.parametrize(
    "key",
    [
        "core.repositoryFormatVersion",
        "core.hookspath",
        "core.fsmonitor",
        "core.autocrlf",
        "remote.my.fork.fetch",
        "branch.feature/a.b.merge",
        "branch.main.vscode-merge-base",
        "user.email",
        "submodule.lib/a.url",
        "extensions.worktreeconfig",
        "pull.rebase",
    ],
)
def test_what_clones_and_editors_write_is_not(key: str) -> None:
    assert doubtful_keys((key,)) == ()


def test_what_opens_the_way_to_other_addresses_is_known() -> None:
    assert protocol_keys(("protocol.ext.allow", "core.bare")) == ("protocol.ext.allow",)
