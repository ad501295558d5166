"""Programs of awk: what prints fields of lines is known, all else refused."""

from pathlib import Path

import pytest

from lsp_agent.permissions.shell.programs.awk import is_reading_program
from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks


@pytest.mark.parametrize(
    "text",
    [
        "{print $1}", "{ print $1, $NF }", "{print}", "{print;}", "NR==5", "NR>=5 && NR<=10",
        "/foo/", "/foo/ {print $2}", "!/foo/", "/[a-z]+/ {print}", "$3 > 5 {print $1}",
        '{print $1 " " $2}', '$1=="a"{print}', "$1 ~ /x/", "$2 !~ /x/ {print}", "NR==1,NR==5",
        '{print NR": "$0}', "END {print NR}", 'BEGIN {print "x"} {print $1}', "NR%2==0",
        "NR>1;NR==0", "/a\\/b/",
        "{sum += $1} END {print sum}", "{n++} END {print n}", "{a=$1; b = 2; print a, b}",
    ],
)  # fmt: skip
def test_a_program_that_prints_fields_is_known(text: str) -> None:
    assert is_reading_program(text)


@pytest.mark.parametrize(
    "text",
    [
        '{print > "x"}', '{print $1 > "x"}', '{print $1>$2}', '{print >> "x"}', '{print | "sh"}',
        '{print $1 | "sh"}', '{print "a" "b" | "sh"}', 'BEGIN{system("id")}', '{system($0)}',
        '"id" | getline', '{"id" | getline}', '{getline < "x"}', '{print $(1)}',
        '{print $1; system("x")}', "{print $1} {printf $2}", '@load "x"', '@include "x"',
        "{print ENVIRON}", "{OFS=1}", "{print getline}", "{getline}", "{x = getline}",
        "{x=system(1)}", "{printf x}", "{print $1}}", "{print $1", "{exit}", "{next}",
        '{print "a}', '{print "a\n"}', "/a", '{print "a"} > "x"', '/a/ > "x"', "#x", "{print #}",
        "function f(){}", "{print f()}", '{print -1 > "x"}', '{print $1 |& "sh"}', "",
        "{print " + "$1," * 100 + "$1}",
    ],
)  # fmt: skip
def test_any_other_program_is_refused(text: str) -> None:
    assert not is_reading_program(text)


@pytest.mark.parametrize("text", ["{print " + "1" * 190, "NR==NR" * 30 + "{", '"' + "\\a" * 99])
def test_a_refusal_takes_no_time(text: str) -> None:
    assert not is_reading_program(text)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("awk '{print $1}' README.md", NOTHING),
        ("awk -F, '{print $1}' src/data.csv", NOTHING),
        ("awk -F : -v x=1 '{print $1}' names.txt", NOTHING),
        ("awk '{print $1}' /etc/passwd", {"outside-workspace"}),
        ("awk -F: '{print $1}' -f /etc/passwd", {"outside-workspace"}),
        ("awk -f names.txt README.md", {"listed-files"}),
        ("awk 'BEGIN{system(\"id\")}'", {"script"}),
        ("gawk -i inplace '{print $1}' README.md", {"executing-flag"}),
        ("gawk --load=x '{print $1}' README.md", {"unknown-option", "executing-flag"}),
        ("mawk -W exec=x '{print $1}'", {"executing-flag", "script"}),
    ],
)
def test_all_words_are_judged(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected
