"""Reading what `git status` prints."""

from mcp_tools.code.git.status import Change, parse_status

OUTPUT = "\0".join(
    (
        "# branch.oid 1234",
        "# branch.head main",
        "# branch.upstream origin/main",
        "# branch.ab +2 -3",
        "1 .M N... 100644 100644 100644 h h a with blank.txt",
        "1 MD N... 100644 100644 100644 a b both.txt",
        "2 R. N... 100644 100644 100644 a b R100 new name.txt",
        "old name.txt",
        "u UU N... 100644 100644 100644 100644 a b c torn.txt",
        "? new\nline.txt",
        "",
    )
)


def test_every_kind_of_entry_is_read() -> None:
    status = parse_status(OUTPUT)
    assert (status.branch, status.commit, status.upstream) == ("main", "1234", "origin/main")
    assert (status.n_ahead, status.n_behind) == (2, 3)
    assert status.staged == (
        Change(path="both.txt", kind="modified"),
        Change(path="new name.txt", kind="renamed", old_path="old name.txt"),
    )
    assert status.unstaged == (
        Change(path="a with blank.txt", kind="modified"),
        Change(path="both.txt", kind="deleted"),
    )
    assert status.conflicts == ("torn.txt",)
    assert status.untracked == ("new\nline.txt",)


def test_a_branch_without_commits_and_a_detached_head_have_empty_names() -> None:
    assert parse_status("# branch.oid (initial)\0# branch.head main\0").commit == ""
    assert parse_status("# branch.oid 12\0# branch.head (detached)\0").branch == ""
