"""Scripts of sed: what only prints is known, all else refused."""

import subprocess
from pathlib import Path

import pytest

from lsp_agent.permissions.shell.programs.sed import is_reading_script
from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks

READING = [
    "p", "10p", "1,20p", "1,20p;40,60p", "$p", "10,$p", "0~3p", "2,+5p", "/x/p", "/x/,/y/p",
    "/x/I,$p", "/a\\/b/p", "/x/!d", "$!d", "5q", "5q1", "/x/{p;=}", "{p}", "{p;p};p", "n;d",
    "s/a/b/", "s/a/b/gp", "s/a/b/2", "s|a|b|I", "s,a/b,c,g", "s/[0-9]/N/g", "s/[^x]*//",
    "s/\\(a\\)/\\1/", "s/a\\/b/c/", "y/abc/xyz/", ":a;N;$!ba;s/\\n/ /g", "1d\n2d", "=", "",
    "s/^/  /;s/x$//",
]  # fmt: skip

OTHERS = [
    "w out", "1w out", "W out", "s/a/b/w out", "s/a/b/gw out", "e", "1e id", "s/a/b/e", "s/a/b/ge",
    "r /etc/passwd", "R in", "a text", "i\\\ntext", "c text", "1~2w out", "/x/w out", "p;w out",
    "p\nw out", "{w out\n}", "s|a|b|;e id", "s/[/]/e id/", "s/[^/]/w out/", "y/a/b/w out",
    "\\,x,w out", "#n", "s\na\nb\n", "s/a/b", "s/a", "/x", "{p", "p}", "}", "F", "z;e", "p w out",
    "s/a/b/ w out", "s a b e", "sabcae", "s/a/b\nw out/", "v", "l;e", "q;w x", "s/a/\\\nw x/;w x",
    "s/\\[/]/e", "1,w out", "1,2,3p", "!!p", "b a b", ":a b",
]  # fmt: skip


@pytest.mark.parametrize("script", READING)
def test_a_script_that_only_prints_is_known(script: str) -> None:
    assert is_reading_script(script)


@pytest.mark.parametrize("script", OTHERS)
def test_any_other_script_is_refused(script: str) -> None:
    assert not is_reading_script(script)


@pytest.mark.parametrize("script", READING)
def test_sed_itself_finds_nothing_to_forbid_in_it(script: str, tmp_path: Path) -> None:
    command = ("sed", "--sandbox", "-n", "-e", script)
    done = subprocess.run(command, cwd=tmp_path, input=b"a/b\n", capture_output=True, check=False)
    if b"unrecognized option" not in done.stderr and b"illegal option" not in done.stderr:
        assert done.returncode in {0, 1}, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sed -n 1,20p README.md", NOTHING),
        ("sed -n -e 1p -e 3p README.md", NOTHING),
        ("sed --expression=1p --quiet README.md", NOTHING),
        ("sed p /etc/passwd", {"outside-workspace"}),
        ("sed -n '1e id' README.md", {"script"}),
        ("sed -n -e 1p -e '1e id' README.md", {"script"}),
        ("sed -ne '1e id' README.md", {"script"}),
        ("sed README.md -e '1w x'", {"script"}),
        ("sed --expression='1w x' README.md", {"script"}),
        ("sed -f names.txt README.md", {"listed-files"}),
        ("sed -f /etc/passwd README.md", {"listed-files", "outside-workspace"}),
        ("sed -i s/a/b/ README.md", {"writing-flag"}),
        ("sed -i.bak s/a/b/ README.md", {"writing-flag"}),
        ("sed -ni s/a/b/ README.md", {"writing-flag"}),
        ("sed s/a/b/ README.md --in-place", {"writing-flag"}),
        ("sed --in-pl s/a/b/ README.md", {"unknown-option", "writing-flag"}),
        ("sed --exp='1w x' README.md", {"unknown-option", "script"}),
    ],
)
def test_all_words_are_judged(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected
