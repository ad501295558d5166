"""Lines are read as bash reads them: bash itself is asked."""

import os
import subprocess
from pathlib import Path

import pytest

from mcp_tools.code.commands.script import Script, read_script

RECORDERS = {"p": 0, "q": 1}
"""Commands that write down their words, with their exit codes."""

TESTS: dict[tuple[str, ...], bool] = {
    ("[", "-d", ".", "]"): True,
    ("[", "!", "-e", "x", "]"): True,
    ("[", "a", "=", "b", "]"): False,
    ("[", "a b", "=", "a b", "]"): True,
    ("[", "1", "-eq", "1", "-a", "-n", "x", "]"): True,
    ("[", "a", "]"): True,
}
"""The words of `[`, with what comes of them."""

PLAIN = [
    "p",
    "p a 'b c' \"d $\" e\\ f",
    "p a#b #c d",
    "p \\# '#'",
    "p a;q b;p c;",
    "p a&&q b&&p c||p d",
    "q a||q b||p c&&p d",
    "p a | q b | p c && p d",
    "p\n\nq a\n",
    "# first\np a # second\nq b",
    "p a &&\n\n p b",
    "p a | # to\n q b",
    "p a \\\n b",
    "p a >/dev/null 2>&1 | q b",
    "2>/dev/null p a",
    "p a2>/dev/null",
    "p 2>/dev/null",
    "p 12 2>&1",
    "p a>b",
    "p a >b&&q c<b",
    "A=1 p b=2 c==",
    "A='x y' B=\"z\" p",
    "p a&>/dev/null",
    "p {} {a} a{b {,",
    "p ! a!b !x",
    "p 'a'\"b\"c",
    "p $'a\\tb' \"\\n\" '\\'",
    "p -- -x -",
    "p é ü",
    "p if then done in time",
    "p a\tb\t\tc",
    'p "a\nb"',
    "q && p a; p b",
    "p a= =a",
    "p %s @x ^y a:b",
    "p \\~ a~b",
    "[ -d . ] && p a",
    "[ ! -e x ] && p a || q b",
    "[ a = b ] || p c; [ 'a b' = a\\ b ] && p d",
    "[ 1 -eq 1 -a -n x ] && p a",
    "[ a ] && p",
]
"""Each is plain, and does what it seems to do."""

ODD = [
    "p > a b",
    "cat < a p",
    "p\\\nq",
    "p a\\\nb",
    "p a\rq b",
    "p\x0cq",
    "p\x0bq",
    "time p",
    "! p",
    "{ p; }",
    "if p",
    "p {fd}>a",
    "p {fd}<a",
    "coproc p",
    "p -1>a",
    "A+=1 p",
    "A[0]=1 p",
    "p a=(1)",
    "p 2 >a 1>&",
    "p &",
    "p & q",
    "p |& q",
    "p ;; q",
    "; p",
    "p && && q",
    "p ||",
    "p >",
    "p > ; q",
    "function p",
    "p() q",
    "((p))",
    "[[ p ]]",
    "p @(a|b)",
    "p <<< a",
    "p <(q)",
    "select p",
    "p 'a",
    'p "a',
    "p `q",
    "p $(q",
    "p \\",
    "[ a",
    "[ a; ]",
    "[ a == b* ] && p",
    "[ (a) ] && p",
    "[[ a = b ]] && p",
    "[a ] && p ]",
]
"""Each is told to be odd, whatever a tree makes of it."""


def words_by_bash(line: str, folder: Path) -> list[list[str]]:
    """Run a line, and give the words of each recorder that was run."""
    log = folder / "log"
    body = '() { printf \'%%s\\0\' "$((1+$#))" %s "$@" >> ' + str(log) + "; return %d; }"
    functions = {f"BASH_FUNC_{name}%%": body % (name, code) for name, code in RECORDERS.items()}
    work = folder / "work"
    work.mkdir()
    subprocess.run(
        [os.fspath(Path("/bin/bash")), "--noprofile", "--norc", "-c", line],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **functions},
        cwd=work,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=5,
    )
    texts = log.read_text(encoding="utf-8").split("\0")[:-1] if log.exists() else []
    commands: list[list[str]] = []
    while texts:
        n_words = int(texts[0])
        commands.append(texts[1 : 1 + n_words])
        texts = texts[1 + n_words :]
    return sorted(commands)


def words_by_reading(script: Script) -> list[list[str]]:
    """Give the words of each recorder that would run, by the joiners and the exit codes."""
    commands: list[list[str]] = []
    is_ok = True
    for step in script.steps:
        if (step.joiner == "&&" and not is_ok) or (step.joiner == "||" and is_ok):
            continue
        for command in step.commands:
            words = [word.text for word in command.words]
            if words[0] == "[":
                is_ok = TESTS[tuple(words)]
                continue
            commands.append(words)
            is_ok = RECORDERS[words[0]] == 0
    return sorted(commands)


@pytest.mark.parametrize("line", PLAIN)
def test_a_plain_line_has_the_words_that_bash_gives_to_programs(line: str, tmp_path: Path) -> None:
    script = read_script(line)
    assert script.oddities == ()
    assert words_by_reading(script) == words_by_bash(line, tmp_path)


@pytest.mark.parametrize("line", ODD)
def test_a_line_that_bash_could_read_in_another_way_is_odd(line: str) -> None:
    script = read_script(line)
    assert script.oddities
    assert script.steps == ()
    assert script.argv == ()


def test_redirections_belong_to_their_command() -> None:
    first, second = read_script("p a <x 2>&1 >>y && q 2>&- &>z").commands
    assert [redirect.text for redirect in first.redirects] == ["<x", "2>&1", ">>y"]
    assert [redirect.text for redirect in second.redirects] == ["2>&-", "&>z"]
