"""Files that programs read: in the workspace, and no secrets."""

from pathlib import Path, PurePath

import pytest

from lsp_agent.permissions.shell.programs.files import is_secret
from tests.lsp_agent.permissions.shell.programs.workspace import (
    NOTHING,
    checks,
    judge,
    make_workspace,
)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cat README.md", NOTHING),
        ("cat ./src/../README.md", NOTHING),
        ("cat not/there/yet", NOTHING),
        ("cat -", NOTHING),
        ("cat /dev/null", NOTHING),
        ("cat ..", {"outside-workspace"}),
        ("cat ../other/file", {"outside-workspace"}),
        ("cat src/../../file", {"outside-workspace"}),
        ("cat /etc/passwd", {"outside-workspace"}),
        ("cat /proc/self/environ", {"outside-workspace"}),
        ("cat /dev/tty", {"outside-workspace"}),
        ("cat /usr/include/stdio.h", {"system-file"}),
        ("ls /usr/share/doc", {"system-file"}),
        ("cat /usr/include/../../etc/passwd", {"outside-workspace"}),
        ("cat .env", {"secret-file"}),
        ("cat .ENV", {"secret-file"}),
        ("cat .env.example", NOTHING),
        ("cat /home/other/.ssh/id_rsa", {"outside-workspace", "secret-file"}),
        ("ls -l .env", NOTHING),
        ("test -f .env", NOTHING),
    ],
)
def test_a_file_is_judged_by_where_it_leads(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected


def test_a_sibling_whose_name_begins_alike_is_outside(root: Path) -> None:
    assert checks(root, f"cat {root}-other/file") == {"outside-workspace"}


def test_names_are_taken_from_the_folder_in_which_it_runs(root: Path) -> None:
    assert judge(root, "cat", "../README.md", cwd="src") == []
    (found,) = judge(root, "cat", "../../file", cwd="src")
    assert found.paths == (root.parent / "file",)


def test_links_are_followed(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "it")
    (root / "out").symlink_to("/etc/passwd")
    (root / "plain.txt").symlink_to(".env")
    (root / "inside").symlink_to("README.md")
    assert checks(root, "cat out") == {"outside-workspace"}
    assert checks(root, "cat plain.txt") == {"secret-file"}
    assert checks(root, "cat inside") == NOTHING


@pytest.mark.parametrize(
    "name",
    [
        ".env", ".env.local", "prod.env", "a/.ssh/config", ".aws/credentials", "server.pem",
        "id_ed25519", ".netrc", "TLS.KEY", "secrets.yaml", ".git-credentials", "terraform.tfstate",
    ],
)  # fmt: skip
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_secret(PurePath(name))


@pytest.mark.parametrize(
    "name", ["env.py", ".env.sample", "src/environment.ts", "secrets.py", "keys.md", "README.md"]
)
def test_other_names_are_none(name: str) -> None:
    assert not is_secret(PurePath(name))


@pytest.mark.parametrize("word", ["a\0b", "a\ud800"])
def test_what_cannot_be_a_name_is_no_file_of_the_workspace(word: str, root: Path) -> None:
    assert {found.check for found in judge(root, "cat", word)} == {"outside-workspace"}


def test_nothing_hidden_is_shown_raw(root: Path) -> None:
    (found,) = judge(root, "cat", "/etc/\u202epasswd\n\x1b[2J")
    assert found.detail.isprintable()
