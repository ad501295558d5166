"""Search for definitions by name."""

import pytest

from mcp_tools.index.name_search import Match, Query
from mcp_tools.index.python.extraction import extract
from mcp_tools.index.symbol_table import make_symbol_table, merge_symbol_tables

TEXT = """\
class TeaPot:
    def pour(self): ...
    def pour_out(self): ...
class teapot: ...
x = lambda y: y
İstanbul = 1
def last(): ...
"""


def found(query: str, match: Match, *texts: str) -> list[str]:
    table = make_symbol_table(extract(text) for text in (texts or (TEXT,)))
    return [name for _, name in table.search(Query(query), match)]


@pytest.mark.parametrize(
    ("query", "match", "expected"),
    [
        ("teapot", Match.EQUAL, ["TeaPot", "teapot"]),
        ("TeaPot", Match.EQUAL, ["TeaPot"]),
        ("pour", Match.EQUAL, ["pour"]),
        ("pour", Match.PREFIX, ["pour_out"]),
        ("pot", Match.PART, ["TeaPot", "teapot"]),
        ("Pot", Match.PART, ["TeaPot"]),
        ("out", Match.PART, ["pour_out"]),
        ("tea", Match.PART, []),
        ("tpt", Match.LETTERS, ["TeaPot", "teapot"]),
        ("TP", Match.LETTERS, ["TeaPot"]),
        ("pot", Match.LETTERS, ["pour_out"]),
        ("last", Match.EQUAL, ["last"]),
        ("", Match.PREFIX, []),
        ("", Match.LETTERS, []),
        ("x\ny", Match.PART, []),
        ("[", Match.LETTERS, []),
        ("^-]", Match.LETTERS, []),
    ],
)
def test_search_by_name(query: str, match: Match, expected: list[str]) -> None:
    assert found(query, match) == expected


def test_rows_tell_where_a_definition_is() -> None:
    table = make_symbol_table([extract("\n"), extract(TEXT)])
    ((number, name),) = table.search(Query("pour_out"), Match.EQUAL)
    row = table.row(number, name)
    assert (row.position, row.name, row.container) == (1, "pour_out", "TeaPot")
    assert (row.line, row.column) == (2, 8)
    assert TEXT[row.name_start :].startswith("pour_out")


def test_each_match_of_a_name_is_of_one_kind() -> None:
    table = make_symbol_table([extract(TEXT)])
    for query in ("t", "po", "teapot", "tp", "ou"):
        kinds = [number for match in Match for number, _ in table.search(Query(query), match)]
        assert len(kinds) == len(set(kinds))


def test_merged_tables_have_the_rows_that_stay() -> None:
    one, two = make_symbol_table([extract(TEXT)]), make_symbol_table([extract("def f(): ...\n")])
    merged = merge_symbol_tables([(one, [-1]), (two, [0])])
    assert [(row.position, row.name) for row in merged.rows()] == [(0, "f")]
    both = merge_symbol_tables([(one, [1]), (two, [0])])
    assert [row.name for row in both.rows()] == [*(row.name for row in one.rows()), "f"]


def test_an_empty_table_has_nothing() -> None:
    table = make_symbol_table([])
    assert list(table.rows()) == []
    assert list(table.search(Query("a"), Match.PART)) == []
