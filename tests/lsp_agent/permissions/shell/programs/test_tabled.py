"""Models that are a table: what their options do, and what is not in the table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsp_agent.permissions.shell.programs.options import OptionTable
from lsp_agent.permissions.shell.programs.registry import all_models
from lsp_agent.permissions.shell.programs.tabled import TableJudge
from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks, judge

TABLES = {
    name: model.judge.table
    for name, model in all_models().items()
    if isinstance(model.judge, TableJudge)
}
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SPECIAL = ["-C", "-c", "-f", "-e", "-n", "-I", "-exec", "-name", "--arg", "log", "diff", "cat", "5"]
WORDS = st.sampled_from(["README.md", "src", "-", "x", "3", "--", "-n", "-5"])


def unlisted(table: OptionTable) -> Iterator[str]:
    """Options that a table does not list: letters, abbreviations, and inventions."""
    yield from (f"-{letter}" for letter in LETTERS if f"-{letter}" not in table.by_spelling)
    yield "--no-such-option"
    yield "--no-such-option=1"
    for spelling in table.by_spelling:
        if spelling.startswith("--") and spelling[:-1] not in {"--", *table.by_spelling}:
            yield from (spelling[:-1], f"{spelling[:-1]}=x")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_option_that_is_not_in_the_table_is_never_low(name: str, root: Path) -> None:
    for option in unlisted(TABLES[name]):
        assert "unknown-option" in {one.check for one in judge(root, name, option, "README.md")}


@settings(max_examples=200)
@given(data=st.data(), before=st.lists(WORDS, max_size=3), after=st.lists(WORDS, max_size=3))
def test_nor_is_it_among_other_words(
    data: st.DataObject, before: list[str], after: list[str]
) -> None:
    name = data.draw(st.sampled_from(sorted(TABLES)))
    option = data.draw(st.sampled_from(list(unlisted(TABLES[name]))))
    root = Path("/workspace")
    words = [word for word in before if word.startswith("-") and word not in {"--", "-"}]
    last = TABLES[name].by_spelling.get(words[-1]) if words else None
    if last is None or last.is_flag:
        assert judge(root, name, *words, option, *after)


@settings(max_examples=200)
@given(
    name=st.sampled_from(sorted(all_models())),
    words=st.lists(st.one_of(st.sampled_from(SPECIAL), st.text(max_size=12))),
)
def test_any_words_are_judged(name: str, words: list[str]) -> None:
    for found in judge(Path("/workspace"), name, *words):
        assert found.detail.isprintable()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sort -o out README.md", {"writing-flag"}),
        ("sort README.md -oout", {"writing-flag"}),
        ("sort --output=out README.md", {"writing-flag"}),
        ("sort --outp=out README.md", {"unknown-option", "writing-flag"}),
        ("sort -uQo out README.md", {"unknown-option", "writing-flag"}),
        ("sort --compress-program=./x README.md", {"executing-flag"}),
        ("sort --files0-from=names.txt", {"listed-files"}),
        ("sort -T /tmp README.md", {"writing-flag"}),
        ("wc --files0-from=/etc/passwd", {"listed-files", "outside-workspace"}),
        ("uniq names.txt", NOTHING),
        ("uniq names.txt out.txt", {"written-operand"}),
        ("xxd names.txt out.txt", {"written-operand"}),
        ("xxd -r names.txt", {"writing-flag"}),
        ("xxd --rev names.txt", {"unknown-option", "writing-flag"}),
        ("bat cache --build", {"writing-flag"}),
        ("free -s 1", {"never-ends"}),
        ("xxd -ps /etc/passwd", {"outside-workspace"}),
        ("tree -o out", {"writing-flag"}),
        ("tree -R -L 1", {"executing-flag"}),
        ("tree -Io x out", {"unknown-option", "writing-flag"}),
        ("tree -l", {"followed-links"}),
        ("file -C -m magic", {"writing-flag", "listed-files"}),
        ("file -f names.txt", {"listed-files"}),
        ("file -z README.md", {"executing-flag"}),
        ("md5sum -c names.txt", {"listed-files"}),
        ("diff -l README.md LICENSE", {"executing-flag"}),
        ("diff -r src tests", {"followed-links"}),
        ("diff -r --no-dereference src tests", NOTHING),
        ("xxd README.md -p", {"written-operand"}),
        ("xxd -p README.md", NOTHING),
        ("diff -N src tests", {"followed-links"}),
        ("diff README.md src", {"followed-links"}),
        ("diff --to-file=src README.md", {"followed-links"}),
        ("diff --no-dereference README.md src", NOTHING),
        ("diff --from-file=/etc/passwd README.md", {"outside-workspace"}),
        ("diff --unified /etc/passwd README.md", {"outside-workspace"}),
        ("strings @names.txt", {"listed-files"}),
        ("tail -f logs/app.log", {"never-ends"}),
        ("du -X /etc/passwd src", {"outside-workspace"}),
        ("bat --pager=./x README.md", {"executing-flag"}),
        ("realpath --relative-to=/etc src", {"outside-workspace"}),
        ("hostname evil", {"unexpected-operand"}),
        ("date -s now", {"writing-flag"}),
        ("date 01010101", {"written-operand"}),
        ("date -f /etc/passwd", {"outside-workspace"}),
    ],
)
def test_options_do_what_the_manual_says(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected
