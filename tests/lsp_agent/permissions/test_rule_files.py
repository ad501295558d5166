"""The rules of the user and of a project, as they stand in their files."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from lsp_agent.permissions.decision import Choice, decide
from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.matching import parse_rule
from lsp_agent.permissions.policy import Policy
from lsp_agent.permissions.rule_files import PROJECT_FILE, USER_FILE, Reach, RuleBook
from lsp_agent.permissions.rules import Rule, Scope
from mcp_tools.registry import discover
from mcp_tools.types.calls import CallEffect, ToolCall
from mcp_tools.types.errors import ExpectedError, NotFound

TEST = parse_rule("allow command npm test", Scope.USER)
PUSH = parse_rule("deny command git push", Scope.USER)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


def book_of(root: Path) -> RuleBook:
    return RuleBook(root.parent / "config" / USER_FILE, root / PROJECT_FILE, root)


def written(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def texts(rules: Iterable[Rule]) -> list[str]:
    return [rule.text for rule in rules]


def test_without_files_there_are_no_rules(root: Path) -> None:
    book = book_of(root)
    assert book.rules() == ()
    assert book.problems() == ()
    assert not book.user_file.parent.exists()


def test_rules_hold_in_their_folder_or_everywhere(root: Path) -> None:
    book, other = book_of(root), RuleBook(book_of(root).user_file, root / "none", root / "other")
    book.add(TEST)
    book.add(PUSH, Reach.EVERYWHERE)
    assert texts(book.rules()) == [PUSH.text, TEST.text]
    assert texts(other.rules()) == [PUSH.text]
    book.remove(TEST)
    book.remove(PUSH)
    assert book.rules() == other.rules() == ()
    with pytest.raises(NotFound):
        book.remove(TEST)


def test_a_change_of_a_file_counts_at_once(root: Path) -> None:
    book = book_of(root)
    assert book.rules() == ()
    written(book.user_file, 'deny = ["tool shell"]')
    assert texts(book.rules()) == ["deny tool shell"]
    written(book.project_file, 'ask = ["tool web_fetch"]')
    assert texts(book.rules()) == ["deny tool shell", "ask tool web_fetch"]
    book.user_file.unlink()
    assert texts(book.rules()) == ["ask tool web_fetch"]


@pytest.mark.parametrize("is_project", [True, False])
def test_a_file_that_cannot_be_meant_lets_everything_ask(root: Path, *, is_project: bool) -> None:
    book = book_of(root)
    book.add(parse_rule("allow tool shell", Scope.USER))
    broken = book.project_file if is_project else book.user_file
    written(broken, 'allow = ["tool shell"]\nother = 1\n')
    (problem,) = book.problems()
    assert str(broken) in problem
    assert "line " in problem
    policy = Policy(level=Level.AUTO, trust=Trust.TRUSTED, rules=book.rules(), is_confined=True)
    for tool in discover():
        call = ToolCall(id="1", name="it", arguments={})
        choice = decide(CallEffect(tool=tool, call=call), root, policy).choice
        is_free = tool.is_pure and not tool.is_open_world
        assert choice is (Choice.ALLOW if is_free else Choice.ASK)


def test_a_broken_file_is_not_written_to(root: Path) -> None:
    book = book_of(root)
    written(book.user_file, "other = 1\n")
    with pytest.raises(ExpectedError, match="is not changed: line 1"):
        book.add(TEST)
    assert book.user_file.read_text(encoding="utf-8") == "other = 1\n"
    book.user_file.chmod(0o666)
    with pytest.raises(ExpectedError, match="chmod go-w"):
        book.add(TEST)


def test_a_rule_that_contradicts_another_is_not_added(root: Path) -> None:
    book = book_of(root)
    book.add(TEST)
    with pytest.raises(ExpectedError, match="contradict"):
        book.add(parse_rule("deny command npm test", Scope.USER))
    assert texts(book.rules()) == [TEST.text]


def test_a_file_to_begin_with_is_made_once(root: Path) -> None:
    book = book_of(root)
    book.make_file()
    assert book.rules() == ()
    written(book.user_file, "# mine\n")
    book.make_file()
    assert book.user_file.read_text(encoding="utf-8") == "# mine\n"


def test_two_books_that_add_at_a_time_lose_nothing(root: Path) -> None:
    first, second = book_of(root), book_of(root)
    first.rules()
    second.add(TEST)
    first.add(PUSH)
    assert sorted(texts(second.rules())) == sorted([TEST.text, PUSH.text])
