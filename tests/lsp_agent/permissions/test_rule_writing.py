"""A rules file edited as its user wrote it."""

from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.command_patterns import quoted
from lsp_agent.permissions.matching import parse_rule
from lsp_agent.permissions.rule_toml import user_rules
from lsp_agent.permissions.rule_writing import HEADER, with_rule, without_rule
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject

MINE = """\
# my rules
deny = [
  'command git push', # never
]

[workspace.'/a']  # the first
ask = ["tool run_tests"]
"""
RULE = parse_rule("allow command npm test", Scope.USER)


def texts(text: str, root: str = "") -> list[str]:
    return [each.rule.text for each in user_rules(text) if each.root == root]


def test_what_the_user_wrote_stays() -> None:
    after = with_rule(MINE, RULE, "/b c/d.e")
    assert after.startswith(MINE)
    assert texts(after, "/b c/d.e") == [RULE.text]
    after = with_rule(MINE, RULE, "/a")
    assert "# my rules" in after
    assert "# never" in after
    assert "# the first" in after
    assert texts(after, "/a") == ["ask tool run_tests", RULE.text]


def test_a_rule_for_everywhere_stands_before_the_folders() -> None:
    assert texts(with_rule(MINE, RULE, "")) == ["deny command git push", RULE.text]


def test_a_rule_that_is_there_is_not_written_twice() -> None:
    once = with_rule(MINE, RULE, "/a")
    assert with_rule(once, RULE, "/a") == once


def test_taking_a_rule_back_leaves_the_others() -> None:
    after = without_rule(with_rule(MINE, RULE, "/a"), RULE, "/a")
    assert user_rules(after) == user_rules(MINE)
    push = parse_rule("deny command git push", Scope.USER)
    assert texts(without_rule(MINE, push, "")) == []
    assert user_rules(without_rule(MINE, RULE, "/none")) == user_rules(MINE)


def test_a_new_file_explains_itself_and_its_examples_are_rules() -> None:
    assert with_rule("", RULE, "").startswith(HEADER)
    body = HEADER.split("is told", 1)[0]
    examples = "\n".join(
        line.removeprefix("# ")
        for line in body.splitlines()
        if line.startswith(("# deny", "# ask", "# allow", "# [work"))
    )
    assert len(user_rules(examples)) == 8


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5), st.text(max_size=10))
def test_any_rule_is_read_back_as_it_was_written(words: list[str], folder: str) -> None:
    pattern = " ".join(map(quoted, words))
    rule = Rule(do=Do.DENY, subject=Subject.COMMAND, pattern=pattern, scope=Scope.USER)
    if "\ud800" <= max(folder + pattern) <= "\udfff" or not pattern.isprintable():
        return
    root = f"/{folder}" if folder.isprintable() else "/a"
    written = with_rule(MINE, rule, root)
    assert texts(written, root)[-1] == rule.text
    assert user_rules(without_rule(written, rule, root)) == user_rules(MINE)
