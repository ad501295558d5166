"""Patterns of commands, read narrowly and widely."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.command_patterns import command_pattern, quoted
from mcp_tools.types.errors import ExpectedError


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("npm test", "npm test"),
        ("npm  test", "npm test"),
        ("npm run *", "npm run build"),
        ("pytest tests/**", "pytest tests/a/test_b.py"),
        ("pytest tests/**", "pytest tests/"),
        ("pytest tests/*", "pytest tests/test_a.py::test_b"),
        ("pytest ...", "pytest"),
        ("pytest ...", "pytest a b/c"),
        ("pytest -q ...", "pytest -q a"),
        ("pytest -?", "pytest -q"),
        ("grep 'a*b' **", "grep a*b src/x"),
        ('echo "a b"', "echo 'a b'"),
        ("a /tmp/x/**", "a /tmp/x/y"),
        ("a --out=build/**", "a --out=build/x"),
        ("a '...'", "a ..."),
    ],
)
def test_a_permission_is_about_what_it_says(pattern: str, line: str) -> None:
    assert command_pattern(pattern).allows(tuple(shlex.split(line)))


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("npm test", "npm test --x"),
        ("npm test", "npm"),
        ("npm test", "/usr/bin/npm test"),
        ("npm test", "NPM test"),
        ("npm run *", "npm run --x"),
        ("npm run *", "npm run a/b"),
        ("npm run *", "npm run ''"),
        ("npm run **", "npm run -x"),
        ("pytest tests/**", "pytest tests/../../x"),
        ("pytest tests/**", "pytest tests//etc"),
        ("pytest tests/**", "pytest tests"),
        ("pytest **", "pytest /etc/x"),
        ("pytest **", "pytest ~/x"),
        ("pytest **", "pytest a=/etc/x"),
        ("pytest **", "pytest @/etc/x"),
        ("pytest **", "pytest a:../x"),
        ("pytest ...", "pytest a -p evil"),
        ("pytest ...", "pytest /a"),
        ("pytest ...", "pytest ../a"),
        ("pytest ?", "pytest -"),
        ("a --out=**", "a --out=/etc/x"),
        ("a --out=**", "a --out=../x"),
        ("a --x=/b,**", "a --x=/b,c=/etc"),
        ("grep 'a*b'", "grep aXb"),
        ("grep a\\*b", "grep aXb"),
        ("a '...'", "a b"),
        ("a ...", "b"),
    ],
)
def test_a_permission_is_about_nothing_else(pattern: str, line: str) -> None:
    assert not command_pattern(pattern).allows(tuple(shlex.split(line)))


@pytest.mark.parametrize(
    ("pattern", "line", "is_caught"),
    [
        ("rm", "rm", True),
        ("rm", "/bin/rm -rf a", True),
        ("rm", "RM a", True),
        ("rm -rf", "rm -rf /", True),
        ("rm -rf", "rm -r -f a", False),
        ("git push", "git push --force", True),
        ("git push", "git pull", False),
        ("git *", "git -C x push", True),
        ("git ** push", "git --x=/a/../b push", True),
        ("npm*", "npmx", True),
        ("rm ...", "rm", True),
        ("rm ...", "rm -rf /", True),
        ("bin/rm", "rm", False),
        ("cat secrets/*", "cat secrets/a/../b", True),
    ],
)
def test_a_denial_is_about_any_program_of_the_name_and_any_further_words(
    pattern: str, line: str, *, is_caught: bool
) -> None:
    assert command_pattern(pattern).catches(tuple(shlex.split(line))) is is_caught


@pytest.mark.parametrize("text", ["", "   ", "...", "'a", '"a', "a\\", "''", "a" * 2_001])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ExpectedError):
        command_pattern(text)


WORDS = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5)


@given(WORDS, WORDS)
def test_quoted_words_are_about_themselves_alone(words: list[str], others: list[str]) -> None:
    pattern = command_pattern(" ".join(map(quoted, words)))
    assert pattern.allows(tuple(words))
    assert pattern.catches(tuple(words))
    assert pattern.allows(tuple(others)) is (words == others)


@given(st.lists(st.sampled_from("-/~.=:,@ab*"), min_size=1, max_size=8).map("".join))
def test_what_a_wildcard_stands_for_stays_in_the_folder(word: str) -> None:
    if command_pattern("it **").allows(("it", word)):
        assert not word.startswith(("-", "/", "~"))
        assert ".." not in word.replace("=", "/").replace(":", "/").split("/")
        assert "//" not in word
        assert "=/" not in word


def test_many_wildcards_take_no_long_time() -> None:
    pattern = command_pattern("a " + "*a" * 300)
    assert not pattern.allows(("a", "a" * 4_000 + "b"))
