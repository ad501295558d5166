"""Which contents have a name."""

from mcp_tools.index.postings import make_postings, merge_postings, occurring_names
from mcp_tools.index.python.extraction import extract


def test_names_give_the_contents_that_have_them() -> None:
    postings = make_postings(map(extract, ("a.b\n", "b = 1\n", "c()\n")))
    assert list(postings.positions("a")) == [0]
    assert list(postings.positions("b")) == [0, 1]
    assert list(postings.positions("c")) == [2]
    assert list(postings.positions("ab")) == []
    assert list(postings.positions("")) == []


def test_only_names_that_stand_in_the_text_count() -> None:
    assert "str" not in occurring_names(extract("x = 'a'\n"))
    assert set(occurring_names(extract("import a.b\n"))) == {"a", "b"}


def test_contents_that_only_define_a_name_are_told_apart() -> None:
    texts = ("def f(): ...\n", "def f(): ...\nf()\n", "f = 1\n", "class A:\n    def f(self): ...\n")
    postings = make_postings(map(extract, texts))
    assert list(postings.positions("f")) == [0, 1, 2, 3]
    assert list(postings.only_defining("f")) == [0, 3]
    assert list(postings.only_defining("A")) == [3]
    assert list(postings.only_defining("g")) == []
    merged = merge_postings([(postings, [-1, 2, 1, 0])])
    assert list(merged.positions("f")) == [0, 1, 2]
    assert list(merged.only_defining("f")) == [0]


def test_astral_names_are_found() -> None:
    name = "\N{MATHEMATICAL FRAKTUR CAPITAL U}"
    assert list(make_postings([extract(f"{name} = 1\n")]).positions(name)) == [0]


def test_merged_postings_have_what_stays_under_its_new_place() -> None:
    one = make_postings(map(extract, ("a\n", "a.b\n")))
    two = make_postings(map(extract, ("b\n",)))
    merged = merge_postings([(one, [1, -1]), (two, [0])])
    assert list(merged.positions("a")) == [1]
    assert list(merged.positions("b")) == [0]


def test_nothing_has_no_names() -> None:
    assert list(merge_postings([(make_postings([]), [])]).positions("a")) == []


def test_more_contents_than_two_bytes_can_number() -> None:
    n_contents = 70_000
    postings = make_postings([extract("a\n")] * n_contents)
    assert list(postings.positions("a"))[-1] == n_contents - 1
    merged = merge_postings([(postings, range(n_contents))])
    assert len(merged.positions("a")) == n_contents
