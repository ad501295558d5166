"""Tests of the judgement of whole lines, with a case for each check."""

import pytest

from lsp_agent.permissions.shell.checks.catalogue import all_checks
from mcp_tools.types.calls import Risk
from tests.lsp_agent.permissions.shell.gate import Gate

FOUND = [
    ("ls\x1b[2J", "control-characters", Risk.HIGH),
    ("ls a\rls", "control-characters", Risk.HIGH),
    ("ls\0", "control-characters", Risk.HIGH),
    ("ls \udc80", "control-characters", Risk.HIGH),
    ("ls '\u202e'", "hidden-characters", Risk.HIGH),
    ("ls a\u200bb", "hidden-characters", Risk.HIGH),
    ("ls\u00a0-la", "unicode-blanks", Risk.HIGH),
    ("ls a\u2028b", "unicode-blanks", Risk.HIGH),
    ("l\u0455", "look-alikes", Risk.HIGH),
    ("ls \u2013la", "look-alikes", Risk.HIGH),
    ("ls\nls", "newline", Risk.MEDIUM),
    ("ls 'a\nb'", "newline", Risk.MEDIUM),
    ("ls \\\n -la", "newline", Risk.MEDIUM),
    ("ls '", "incomplete-command", Risk.HIGH),
    ("ls |", "incomplete-command", Risk.HIGH),
    ("ls $(rm a.py)", "substitution", Risk.HIGH),
    ("ls `rm a.py`", "substitution", Risk.HIGH),
    ('ls "$(rm a.py)"', "substitution", Risk.HIGH),
    ("$(echo touch x)", "substitution", Risk.HIGH),
    ("cat <(rm a.py)", "process-substitution", Risk.HIGH),
    ("ls $HOME", "expansion", Risk.HIGH),
    ("cat$IFS/etc/passwd", "expansion", Risk.HIGH),
    ("echo ${x@P}", "expansion", Risk.HIGH),
    ("echo $((a[1]))", "expansion", Risk.HIGH),
    ("ls {a,b}", "brace-expansion", Risk.HIGH),
    ("ls {1..3}", "brace-expansion", Risk.HIGH),
    ("cat <<E\nx\nE", "here-document", Risk.HIGH),
    ("cat <<< x", "here-document", Risk.HIGH),
    ("ls() { rm a.py; }; ls", "function", Risk.HIGH),
    ("for i in a; do ls; done", "compound-command", Risk.HIGH),
    ("if true; then ls; fi", "compound-command", Risk.HIGH),
    ("(ls)", "compound-command", Risk.HIGH),
    ("! ls", "compound-command", Risk.HIGH),
    ("time ls", "compound-command", Risk.HIGH),
    ("[[ -v a ]]", "compound-command", Risk.HIGH),
    ("[ -v 'a[$(rm a.py)]' ]", "executing-flag", Risk.HIGH),
    ("[ -f $x ]", "expansion", Risk.HIGH),
    ("ls & rm a.py", "background", Risk.HIGH),
    ("export A=1", "shell-state", Risk.HIGH),
    ("source a.py", "shell-state", Risk.HIGH),
    (". ./a.py", "shell-state", Risk.HIGH),
    ("eval ls", "shell-state", Risk.HIGH),
    ("trap ls EXIT", "shell-state", Risk.HIGH),
    ("alias ls=rm", "shell-state", Risk.HIGH),
    ("set -x", "shell-state", Risk.HIGH),
    ("exec ls", "shell-state", Risk.HIGH),
    ("cat < a.py b.txt", "parser-disagreement", Risk.HIGH),
    ("ls\x0c-la", "parser-disagreement", Risk.HIGH),
    ("l\\\ns", "parser-disagreement", Risk.HIGH),
    ("ls; " * 30, "budget", Risk.HIGH),
    ("ls " + "a" * 5000, "budget", Risk.HIGH),
    ("$(" * 48 + "ls" + ")" * 48, "budget", Risk.HIGH),
    ("ls |& wc", "unlisted-syntax", Risk.HIGH),
    ("l's' -la", "quoting", Risk.HIGH),
    ("\\ls", "quoting", Risk.HIGH),
    ("ls $'\\x2d'", "quoting", Risk.HIGH),
    ('ls x$"a"', "quoting", Risk.HIGH),
    ('ls $"a"', "expansion", Risk.HIGH),
    ("ls -\\l", "quoting", Risk.MEDIUM),
    ("ls -''l", "quoting", Risk.MEDIUM),
    ("ls ~", "tilde-expansion", Risk.HIGH),
    ("ls ~root/x", "tilde-expansion", Risk.HIGH),
    ("$x -la", "command-word", Risk.HIGH),
    ("./to*l", "command-word", Risk.HIGH),
    ("-x", "command-word", Risk.HIGH),
    ("ls *.py", "glob-into-flags", Risk.MEDIUM),
    ("ls -*", "glob-into-flags", Risk.HIGH),
    ("ls [[:alpha:]]*", "glob-into-flags", Risk.HIGH),
    ("LD_PRELOAD=./a.so ls", "environment-prefix", Risk.HIGH),
    ("GIT_SSH_COMMAND=x git status", "environment-prefix", Risk.HIGH),
    ("TZ=:/etc/passwd date", "environment-prefix", Risk.HIGH),
    ("A=1", "environment-prefix", Risk.HIGH),
    ("CI=1 tool", "environment-prefix", Risk.MEDIUM),
    ("ls > x", "redirection", Risk.MEDIUM),
    ("ls >> x", "redirection", Risk.MEDIUM),
    ("ls &> x", "redirection", Risk.MEDIUM),
    ("ls > /etc/x", "redirection", Risk.HIGH),
    ("ls > .git/config", "redirection", Risk.HIGH),
    ("ls 3> x", "redirection", Risk.HIGH),
    ("ls > $x", "expansion", Risk.HIGH),
    ("tool /etc/x", "outside-workspace", Risk.HIGH),
    ("tool --out=/etc/x", "outside-workspace", Risk.HIGH),
    ("tool -o/etc/x", "outside-workspace", Risk.HIGH),
    ("tool ../x", "outside-workspace", Risk.HIGH),
    ("cat < /etc/passwd", "outside-workspace", Risk.HIGH),
    ("cd / && ls", "outside-workspace", Risk.HIGH),
    ("cat ../outside/secret", "outside-workspace", Risk.HIGH),
    ("tool out/secret", "symlink-escape", Risk.HIGH),
    ("ls > out/x", "symlink-escape", Risk.HIGH),
    ("cd out && ls", "symlink-escape", Risk.HIGH),
    ("touch .git/hooks/pre-commit", "protected-path", Risk.HIGH),
    ("touch .GIT/config", "protected-path", Risk.HIGH),
    ("cd .git && touch config", "protected-path", Risk.HIGH),
    ("ls > .vscode/tasks.json", "protected-path", Risk.HIGH),
    ("mkdir .github", "protected-path", Risk.HIGH),
    ("tool .env", "secret-file", Risk.HIGH),
    ("tool /home/u/.ssh/id_rsa", "secret-file", Risk.HIGH),
    ("cat < .env", "secret-file", Risk.HIGH),
    ("cd - && ls", "unknown-folder", Risk.HIGH),
    ("cd inner && ls", "unknown-folder", Risk.HIGH),
    ("tool", "unknown-program", Risk.MEDIUM),
    ("curl https://example.org", "network", Risk.HIGH),
    ("ssh host", "network", Risk.HIGH),
    ("git push", "network", Risk.HIGH),
    ("sudo ls", "privilege", Risk.HIGH),
    ("rm -rf src", "destructive", Risk.HIGH),
    ("rm -vR src", "destructive", Risk.HIGH),
    ("rm --recursive src", "destructive", Risk.HIGH),
    ("rm --no-preserve-root /", "destructive", Risk.HIGH),
    ("dd if=a.py of=b.txt", "destructive", Risk.HIGH),
    ("git clean -fd", "destructive", Risk.HIGH),
    ("git -C src reset --hard", "destructive", Risk.HIGH),
    ("git push origin +main", "destructive", Risk.HIGH),
    ("bash -c ls", "interpreter", Risk.HIGH),
    ("zsh a.py", "interpreter", Risk.MEDIUM),
    ("zsh -lc ls", "interpreter", Risk.HIGH),
    ("zsh -s a.py", "interpreter", Risk.HIGH),
    ("zsh", "interpreter", Risk.HIGH),
    ("perl a.py -e", "interpreter", Risk.MEDIUM),
    ("perl5.36 -ne 1 a.py", "interpreter", Risk.HIGH),
    ("pip3.11 install x", "network", Risk.HIGH),
    ("busybox rm a.py", "executing-flag", Risk.HIGH),
    ("cd src && ln -s .. ../b", "symlink-escape", Risk.HIGH),
    ("perl -e 1", "interpreter", Risk.HIGH),
    ("cat a.py | bash", "interpreter", Risk.HIGH),
    ("nohup tool", "executing-flag", Risk.HIGH),
    ("tar --to-command=rm", "executing-flag", Risk.HIGH),
    ("nosuch", "missing-program", Risk.MEDIUM),
    ("./tool", "workspace-program", Risk.MEDIUM),
    ("src/../tool", "workspace-program", Risk.MEDIUM),
    ("../outside/ls", "program-by-path", Risk.HIGH),
]
"""Lines with a check that finds something in them, and its risk."""

READING = [
    "",
    "# nothing",
    "ls",
    "ls -la src",
    "ls src/*.py",
    "cat a.py b.txt | grep -n x | head -20",
    "cd src && cat c.py",
    "cd src && cd deep && cat d.py ../c.py",
    "cd src; ls; cat c.py",
    "grep -rn 'foo bar' src 2>/dev/null | wc -l",
    "sort < b.txt | uniq -c",
    "LC_ALL=C TZ=Europe/Berlin date",
    "find . -name '*.py' -not -path './src/*'",
    "git status && git log --oneline -5",
    "true || false",
    "[ -f a.py ] && cat a.py",
    "test -f a.py || exit 1",
    "[ ! -d src ] || [ a = b ] || ls",
    "cat a.py > /dev/null 2>&1",
    "cat a.py # and no more",
    "grep -c 'a$' a.py",
    "tr '\\n' ' ' < b.txt",
]
"""Lines that only read the workspace."""


@pytest.mark.parametrize(("line", "check", "risk"), FOUND)
def test_a_check_finds_what_it_is_for(gate: Gate, line: str, check: str, risk: Risk) -> None:
    found = {(each.check, each.risk) for each in gate.judge(line).findings}
    assert (check, risk) in found


def test_there_is_a_case_for_each_check() -> None:
    assert set(all_checks()) <= {check for _, check, _ in FOUND} | {"other-shell"}


def test_each_check_says_in_one_line_what_it_means() -> None:
    assert all(0 < len(check.meaning) < 90 for check in all_checks().values())
    assert len(all_checks()) >= 24


@pytest.mark.parametrize("line", READING)
def test_a_line_that_only_reads_is_of_low_risk(gate: Gate, line: str) -> None:
    judgement = gate.judge(line)
    assert judgement.findings == ()
    assert judgement.risk is Risk.LOW


@pytest.mark.parametrize(
    "line",
    [
        "ls && tool ../x",
        "ls; tool ../x; ls",
        "ls | tool ../x | ls",
        "ls || tool ../x",
        "cat a.py | tool ../x",
        "ls\ntool ../x",
        "ls # x\ntool ../x",
        "if ls; then tool ../x; fi",
        "ls $(tool ../x)",
        "ls & tool ../x",
    ],
)
def test_each_command_of_a_line_is_judged(gate: Gate, line: str) -> None:
    parts = {part.words: part for part in gate.judge(line).parts}
    assert parts["tool", "../x"].risk is Risk.HIGH


@pytest.mark.parametrize(
    ("line", "risk"),
    [
        ("make", Risk.MEDIUM),
        ("make -j4 test", Risk.MEDIUM),
        ("npm test", Risk.MEDIUM),
        ("python -m pytest -q", Risk.MEDIUM),
        ("cargo test && cargo build", Risk.MEDIUM),
        ("pytest -q src", Risk.MEDIUM),
        ("mkdir -p build/out", Risk.MEDIUM),
        ("touch src/new.py", Risk.MEDIUM),
        ("rm a.py", Risk.MEDIUM),
        ("rm -f a.py", Risk.MEDIUM),
        ("npm install left", Risk.HIGH),
        ("pip install left", Risk.HIGH),
        ("python3 -m pip install left", Risk.HIGH),
        ("python -c 1", Risk.HIGH),
        ("cat a.py | python", Risk.HIGH),
        ("make -C ..", Risk.HIGH),
    ],
)
def test_builds_and_writing_in_the_workspace_are_of_medium_risk(
    gate: Gate, line: str, risk: Risk
) -> None:
    assert gate.judge(line).risk is risk


def test_words_are_what_the_program_gets(gate: Gate) -> None:
    judgement = gate.judge("cat 'a'.py src/*.py nosuch/* $x; cat 'a'.py src/*.py nosuch/*")
    assert [part.words for part in judgement.parts] == [
        (),
        ("cat", "a.py", "src/c.py", "nosuch/*"),
    ]


def test_details_hide_nothing(gate: Gate) -> None:
    findings = gate.judge("tool '\u202e\x1b[2J'\u00a0" + "x" * 1000).findings
    assert findings
    assert all(each.detail.isprintable() and len(each.detail) < 300 for each in findings)


@pytest.mark.parametrize(
    "line",
    [
        "(" * 2000,
        "$(" * 10_000,
        "[[" * 75,
        "a|" * 150,
        "if a; then " * 150,
        "'" * 4001,
        "\\" * 4001,
        "{" * 4000,
        "\ud800" * 100,
        "\x00" * 100,
        "x" * 10_000_000,
        "ls " + "../" * 1300,
        "ls " + "*/" * 1900,
        "ls " + "./" * 1900 + "*",
        "ls " + ".*/" * 40,
        "ls " + "[" * 100,
        "ls " + "a" * 300,
        "cd " + "a/" * 1900 + " && ls",
        "\n" * 4000,
        "\ufeffls",
        "é" * 2000,
        "<<a " * 60,
        "a=" * 1000,
        "ls '" + "\n" * 240 + "'",
    ],
)
def test_no_line_is_too_strange_to_be_judged(gate: Gate, line: str) -> None:
    assert gate.judge(line).line == line


def test_a_line_that_would_begin_outside_is_of_high_risk(gate: Gate) -> None:
    assert gate.checks("ls", cwd="..")["outside-workspace"] == Risk.HIGH
