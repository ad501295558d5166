"""Rules as the text of a file has them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.rule_toml import InvalidRules, project_rules, user_rules

USERS = """\
# mine
deny = ["command git push"]
[workspace."/home/me/a"]
allow = ["command npm test", "tool run_tests"]
[workspace.'/home/me/b']
ask = ["host *.example.com"]
"""


def test_the_users_file_has_rules_for_everywhere_and_for_folders() -> None:
    assert [(each.rule.text, each.root, each.rule.scope.value) for each in user_rules(USERS)] == [
        ("deny command git push", "", "user"),
        ("allow command npm test", "/home/me/a", "user"),
        ("allow tool run_tests", "/home/me/a", "user"),
        ("ask host *.example.com", "/home/me/b", "user"),
    ]


def test_a_projects_file_only_makes_things_stricter() -> None:
    found = project_rules('deny = ["path secrets/"]\nask = ["command rm"]\n')
    assert [(each.rule.text, each.rule.scope.value) for each in found] == [
        ("deny path secrets/", "project"),
        ("ask command rm", "project"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nb = [\n", "line 2: it is no TOML"),
        ('ask = []\nallows = ["tool a"]', "line 2: unknown key 'allows'"),
        ('\nask = "tool a"', "line 2: expected texts"),
        ("\nask = [1]", "line 2: expected texts"),
        ('ask = []\ndeny = ["tol a"]', "line 2: expected one of"),
        ('deny = ["tool a"]\nallow = ["tool a"]', "contradict each other"),
        ('[workspace.a]\nask = ["tool a"]', "line 1: expected a table with an absolute path"),
        ("\nworkspace = 1", "line 2: expected tables"),
        ("[workspace]\n'/a' = 1", "line 2: expected a table"),
        ("[workspace.'/a']\nother = []", "line 2: unknown key 'other'"),
        ('deny = ["command a\\u202eb"]', "characters that nobody sees"),
        ("a = " + "[" * 5_000, "it is no TOML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_line_and_reason(text: str, said: str) -> None:
    with pytest.raises(InvalidRules) as raised:
        user_rules(text)
    assert said in str(raised.value)
    assert str(raised.value).startswith("line ")


@pytest.mark.parametrize("text", ['allow = ["tool a"]', "allow = []", "[workspace.'/a']\nask=[]"])
def test_a_projects_file_with_permissions_or_folders_is_refused(text: str) -> None:
    with pytest.raises(InvalidRules):
        project_rules(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (user_rules, project_rules):
        with suppress(InvalidRules):
            read(text)
