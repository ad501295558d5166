"""Tables of options, and words parsed by them."""

import pytest

from lsp_agent.permissions.shell.programs.options import Effect, Order, Style, options, parse

TABLE = options("""
    -n --number -b
    -e --regexp=PATTERN
    -f --file=FILE
    --color[=WHEN], -w[=NUM]
    -o --output=WRITE
    -z --search-zip !RUN
    -NUM
""")


def given(*words: str) -> list[tuple[str, ...]]:
    return [(one.spelling, *one.values) for one in parse(TABLE, words).options]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("-n",), [("-n",)]),
        (("--number",), [("--number",)]),
        (("-nb",), [("-n",), ("-b",)]),
        (("-e", "x"), [("-e", "x")]),
        (("-ex",), [("-e", "x")]),
        (("-nex",), [("-n",), ("-e", "x")]),
        (("-ne", "x"), [("-n",), ("-e", "x")]),
        (("--regexp=x",), [("--regexp", "x")]),
        (("--regexp=",), [("--regexp", "")]),
        (("--regexp", "-n"), [("--regexp", "-n")]),
        (("--color",), [("--color",)]),
        (("--color=no",), [("--color", "no")]),
        (("-w",), [("-w",)]),
        (("-w80",), [("-w", "80")]),
        (("a", "-n"), [("-n",)]),
        (("-5", "-20"), []),
    ],
)
def test_options_are_found_in_each_form(
    words: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    assert given(*words) == expected
    assert parse(TABLE, words).unknown == []


@pytest.mark.parametrize(
    "word",
    ["-x", "-nx", "--numb", "--number=3", "--reg=x", "-5x", "--5", "---number", "-e", "--regexp"],
)
def test_what_the_table_does_not_explain_is_unknown(word: str) -> None:
    assert parse(TABLE, (word,)).unknown == [word]


def test_an_optional_value_is_never_the_next_word() -> None:
    assert parse(TABLE, ("--color", "a", "-w", "b")).operands == ["a", "b"]


def test_two_dashes_end_the_options() -> None:
    parsed = parse(TABLE, ("-n", "--", "-b", "--", "-x"))
    assert parsed.operands == ["-b", "--", "-x"]
    assert parsed.unknown == []


def test_one_dash_is_an_operand() -> None:
    assert parse(TABLE, ("-", "-n")).operands == ["-"]


def test_where_options_come_first_an_operand_ends_them() -> None:
    table = options("-n, -e=TEXT", order=Order.FIRST)
    parsed = parse(table, ("-n", "a", "-x", "-e", "b"))
    assert parsed.operands == ["a", "-x", "-e", "b"]


def test_effects_are_words_of_the_table() -> None:
    assert TABLE.by_spelling["-o"].values == (Effect.WRITE,)
    assert TABLE.by_spelling["-z"].effect is Effect.RUN
    assert TABLE.by_spelling["--file"].values == (Effect.READ,)
    assert TABLE.by_spelling["-e"].values == ("PATTERN",)


@pytest.mark.parametrize("text", ["number", "-n --x=", "-n !DANCE", "-a=B=C", "-n=[X]"])
def test_a_table_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"table of options|not a valid"):
        options(text)


class TestWords:
    TABLE = options("-a, -C, -ps, -l=NUM, -o=WRITE, --arg=NAME+TEXT", style=Style.WORDS)

    def test_a_word_of_the_table_is_no_cluster(self) -> None:
        assert [one.spelling for one in parse(self.TABLE, ("-ps",)).options] == ["-ps"]

    def test_a_value_is_only_in_the_next_word(self) -> None:
        assert parse(self.TABLE, ("-l", "3")).unknown == []
        assert parse(self.TABLE, ("-l3",)).unknown == ["-l3"]

    def test_clusters_hold_only_flags(self) -> None:
        assert parse(self.TABLE, ("-aC",)).unknown == []
        assert parse(self.TABLE, ("-al", "3")).unknown == ["-al"]

    def test_two_values_are_taken(self) -> None:
        parsed = parse(self.TABLE, ("--arg", "a", "b", "c"))
        assert parsed.options[0].values == ("a", "b")
        assert parsed.operands == ["c"]
        assert parse(self.TABLE, ("--arg", "a")).unknown == ["--arg"]
