"""Tests of the reading of single words."""

import pytest

from mcp_tools.code.commands.words import Feature, read_word


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("--a=b,c:d/e.f", "--a=b,c:d/e.f"),
        ("'a b'", "a b"),
        ("'a\\b'", "a\\b"),
        ('"a b"', "a b"),
        ('"a\\"b\\\\c\\$d\\`e"', 'a"b\\c$d`e'),
        ('"a\\nb"', "a\\nb"),
        ("a\\ b", "a b"),
        ("\\;", ";"),
        ("a'b'\"c\"d", "abcd"),
        ("$'a\\tb\\n\\\\\\''", "a\tb\n\\'"),
        ('"$"', "$"),
        ("foo$", "foo$"),
        ("$%", "$%"),
        ("''", ""),
        ("a#b", "a#b"),
        ("HEAD~1", "HEAD~1"),
        ("{}", "{}"),
        ("a{b}", "a{b}"),
        ("'{a,b}'", "{a,b}"),
        ("a,b{c", "a,b{c"),
        ("x!y", "x!y"),
        ("é", "é"),
    ],
)
def test_a_literal_word_is_what_bash_makes_of_it(source: str, text: str) -> None:
    word = read_word(source)
    assert word.is_literal
    assert word.text == text


@pytest.mark.parametrize(
    ("source", "feature"),
    [
        ("$x", Feature.VARIABLE),
        ('"$x"', Feature.VARIABLE),
        ("${x}", Feature.VARIABLE),
        ("$1", Feature.VARIABLE),
        ("$?", Feature.VARIABLE),
        ("$[1]", Feature.VARIABLE),
        ("a$(b)", Feature.SUBSTITUTION),
        ('"`b`"', Feature.SUBSTITUTION),
        ("`b`", Feature.SUBSTITUTION),
        ("~", Feature.TILDE),
        ("~/x", Feature.TILDE),
        ("a=~/x", Feature.TILDE),
        ("a:~", Feature.TILDE),
        ("{a,b}", Feature.BRACES),
        ("x{1..3}", Feature.BRACES),
        ('{a,"b"}', Feature.BRACES),
        ('$"a"', Feature.TRANSLATED),
        ("$'\\x41'", Feature.ODD_ESCAPE),
        ("a\\\nb", Feature.CONTINUATION),
        ('"a\\\nb"', Feature.CONTINUATION),
        ("a\\", Feature.UNFINISHED),
        ("'a", Feature.UNFINISHED),
        ('"a', Feature.UNFINISHED),
        ("$'a", Feature.UNFINISHED),
        ("a b", Feature.UNQUOTED_META),
        ("a;b", Feature.UNQUOTED_META),
        ("a(b", Feature.UNQUOTED_META),
        ("#a", Feature.COMMENT),
    ],
)
def test_what_is_more_than_characters_is_seen(source: str, feature: Feature) -> None:
    word = read_word(source)
    assert feature in word.features
    assert not word.is_literal


@pytest.mark.parametrize("source", ["l\\s", "a''b", '""a'])
def test_quotes_that_only_hide_are_seen(source: str) -> None:
    assert Feature.HIDING in read_word(source).features


@pytest.mark.parametrize("source", ["''", "\\*", "a\\ b", "'a b'"])
def test_quotes_that_are_needed_hide_nothing(source: str) -> None:
    assert Feature.HIDING not in read_word(source).features


@pytest.mark.parametrize(
    ("source", "pattern"),
    [
        ("src/*.py", "src/*.py"),
        ("a?[bc]", "a?[bc]"),
        ("'*'*", "\\**"),
        ("\\?*", "\\?*"),
        ("'*'", ""),
        ("plain", ""),
    ],
)
def test_a_glob_keeps_which_of_its_characters_are_quoted(source: str, pattern: str) -> None:
    assert read_word(source).pattern == pattern
