"""How answers are called, and which one a name means."""

from lsp_agent.agent.questions import MAX_RULE_CHARS, AnswerKind, kind_of, title_of

ALL = tuple(AnswerKind)


def test_each_answer_has_a_name_of_its_own_that_leads_back_to_it() -> None:
    rules = ["allow command npm test", "allow command npm run lint"]
    titles = {title_of(kind, rules): kind for kind in AnswerKind}
    assert len(titles) == len(ALL)
    assert all(kind_of(title, ALL, rules) is kind for title, kind in titles.items())
    assert title_of(AnswerKind.ALWAYS, rules) == "Always allow: npm test, npm run lint"


def test_a_name_that_was_not_offered_is_a_no() -> None:
    few = (AnswerKind.ONCE, AnswerKind.DENY)
    for title in (None, "", "Yes", "allow once", title_of(AnswerKind.TRUST, [])):
        assert kind_of(title, few, []) is AnswerKind.DENY


def test_the_name_of_a_long_rule_is_cut_with_a_mark() -> None:
    title = title_of(AnswerKind.ALWAYS, [f"allow command echo {'x' * 100}"])
    assert title.endswith("x…")
    assert len(title) == len("Always allow: ") + MAX_RULE_CHARS
