"""A file of hooks is read whole, or refused whole with a line."""

from pathlib import Path

import pytest

from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.hook import Maker, OnFailure
from lsp_agent.hooks.matching import Matcher
from lsp_agent.hooks.reading import MAX_HOOKS, WrongFile, hooks_in
from tests.lsp_agent.hooks.occasions import names, place

GOOD = """\
[[hook]]
name = "no push"
on = ["before_tool", "command_started"]
kind = "command"
command = "git push"
timeout_s = 2.5
on_failure = "open"
argv = ["/usr/bin/true"]

[[hook]]
name = "second"
on = ["user_prompt"]
kind = "prompt"
may_change = false
question = "Is it polite?"
"""


def test_hooks_are_given_in_their_order_with_all_that_they_say(tmp_path: Path) -> None:
    first, second = hooks_in(GOOD, place(tmp_path))
    assert (first.name, first.kind, first.maker) == ("no push", "command", Maker.USER)
    assert first.events == {HookEvent.BEFORE_TOOL, HookEvent.COMMAND_STARTED}
    assert first.matcher == Matcher(command="git push")
    assert (first.timeout_s, first.on_failure) == (2.5, OnFailure.OPEN)
    assert (second.kind, second.timeout_s, second.on_failure) == ("prompt", 10.0, None)


def test_an_empty_file_has_no_hooks(tmp_path: Path) -> None:
    assert hooks_in("# nothing yet\n", place(tmp_path)) == ()


ENTRY = '[[hook]]\nname = "a"\non = ["before_tool"]\nkind = "command"\nargv = ["true"]\n'


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[[hook]]", "[[hook]", "line 1"),
        ("[[hook]]", "[hook]", "Expected `array`"),
        ("[[hook]]", "[[hooks]]", "unknown field `hooks`"),
        ('name = "a"\n', "", "line 1: Object missing required field `name`"),
        ('"a"', '""', "line 1: Expected `str` matching regex"),
        ('"before_tool"', '"\udcff"', "line 1: 'utf-8' codec"),
        ('"a"', '"a\\u202Eb"', "line 1: Expected `str` matching regex"),
        ('"before_tool"', '"before_tools"', "line 1: Invalid enum value 'before_tools'"),
        ('"before_tool"', "", "line 1: Expected `array` of length >= 1"),
        ('"command"', '"shell"', "line 1: there is no kind 'shell'; expected one of agent"),
        ('"command"', '"../command"', "line 1: there is no kind '../command'"),
        ('"command"', '"callback"', "line 1: a hook of the kind 'callback' cannot come"),
        ('argv = ["true"]', "argv = []", "line 1: Expected `array` of length >= 1"),
        ('argv = ["true"]', 'argv = "true"', "line 1: Expected `array`"),
        ('argv = ["true"]', 'argv = ["true"]\nshell = true', "unknown field `shell`"),
        ('kind = "command"', 'kind = "command"\ntimeout_s = 0', "Expected `float` > 0"),
        ('kind = "command"', 'kind = "command"\ntimeout_s = 9999', "Expected `float` <= 600"),
        ('kind = "command"', 'kind = "command"\non_failure = "allow"', "Invalid enum value"),
        ('["before_tool"]', '["stop"]\nmay_change = true', "nothing can be changed at stop"),
        ('["before_tool"]', '["stop"]\ntool = "a"', "there is no tool at stop"),
        ('["before_tool"]', '["stop"]\ncommand = "a"', "there is no shell line at stop"),
        (
            'kind = "command"\nargv = ["true"]',
            'kind = "http"\nurl = "http://example.org/"',
            "line 1: expected https",
        ),
        (
            '["before_tool"]\nkind = "command"\nargv = ["true"]',
            '["stop"]\nkind = "prompt"\nquestion = "Ok?"',
            "stop cannot be denied, and a prompt does nothing else",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    text = ENTRY.replace(old, new)
    assert text != ENTRY
    with pytest.raises(WrongFile) as caught:
        hooks_in(text, place(tmp_path))
    assert reason in str(caught.value)


def test_the_line_is_that_of_the_entry(tmp_path: Path) -> None:
    text = f"# two lines\n\n{ENTRY}\n{ENTRY}"
    with pytest.raises(WrongFile, match=r"^line 9: there is a hook 'a' already"):
        hooks_in(text, place(tmp_path))


def test_there_is_a_limit_to_their_number(tmp_path: Path) -> None:
    text = "".join(ENTRY.replace('"a"', f'"a{index}"') for index in range(MAX_HOOKS + 1))
    with pytest.raises(WrongFile, match="length <= 100"):
        hooks_in(text, place(tmp_path))


@pytest.mark.parametrize(
    "fields",
    [
        'kind = "http"\nurl = "https://example.org/"',
        'kind = "function"\nfunction = "json:loads"',
    ],
)
def test_a_project_may_not_use_what_is_for_the_user(tmp_path: Path, fields: str) -> None:
    text = ENTRY.replace('kind = "command"\nargv = ["true"]', fields)
    assert names(hooks_in(text, place(tmp_path))) == ["a"]
    with pytest.raises(WrongFile, match="only for the user's own file"):
        hooks_in(text, place(tmp_path, maker=Maker.PROJECT))
