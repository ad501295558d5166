"""The live policy: what the user changes counts from the next decision on."""

import asyncio
from pathlib import Path

import pytest

from lsp_agent.app import rule_book
from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from tests.support.gates import Sandbox, standing_at
from tests.support.trusting import distrust, trust

RULE = Rule(do=Do.ALLOW, subject=Subject.COMMAND, pattern="npm test", scope=Scope.USER)


def test_trust_and_rules_are_read_as_they_are_now(tmp_path: Path) -> None:
    standing = standing_at(tmp_path)
    before = standing.now()
    assert (before.level, before.trust, before.rules) == (Level.SUGGEST, Trust.UNTRUSTED, ())
    trust(tmp_path)
    rule_book(tmp_path).add(RULE)
    now = standing.now()
    assert (now.trust, [rule.text for rule in now.rules]) == (Trust.TRUSTED, [RULE.text])
    distrust(tmp_path)
    rule_book(tmp_path).remove(RULE)
    assert standing.now() == before


def test_what_is_saved_can_be_taken_back_in_the_same_session(tmp_path: Path) -> None:
    standing = standing_at(tmp_path)
    standing.grant(RULE)
    assert [rule.scope for rule in standing.now().rules] == [Scope.USER]
    rule_book(tmp_path).remove(RULE)
    assert standing.now().rules == ()


def test_an_answer_for_the_session_is_nobody_else_s(tmp_path: Path) -> None:
    standing = standing_at(tmp_path)
    standing.grant(Rule(do=Do.ALLOW, subject=Subject.TOOL, pattern="x", scope=Scope.SESSION))
    assert [rule.scope for rule in standing.now().rules] == [Scope.SESSION]
    assert standing.apart().now().rules == ()


def test_the_tools_of_the_settings_are_rules_of_the_user(tmp_path: Path) -> None:
    (rule,) = standing_at(tmp_path, allow=("shell",)).now().rules
    assert (rule.text, rule.scope) == ("allow tool shell", Scope.USER)


@pytest.mark.parametrize(
    ("level", "away"),
    [
        (Level.OBSERVE, Level.OBSERVE),
        (Level.SUGGEST, Level.SUGGEST),
        (Level.EDIT, Level.EDIT),
        (Level.AUTO, Level.UNATTENDED),
        (Level.UNATTENDED, Level.UNATTENDED),
    ],
)
def test_who_is_away_is_not_asked(tmp_path: Path, level: Level, away: Level) -> None:
    gone = [True]
    standing = standing_at(tmp_path, level, is_away=lambda: gone[0])
    assert (standing.now().level, standing.is_attended) == (away, False)
    gone[0] = False
    assert (standing.now().level, standing.is_attended) == (level, level is not Level.UNATTENDED)


class Counted(Sandbox):
    """A sandbox that counts how often it is tried."""

    n_tried = 0

    async def unconfined_reason(self) -> str:
        """Say that there is one."""
        type(self).n_tried += 1
        await asyncio.sleep(0)
        return ""


class Broken(Sandbox):
    """A sandbox that cannot be tried."""

    async def unconfined_reason(self) -> str:
        """Fail."""
        raise OSError("no such file")


@pytest.mark.asyncio
async def test_the_sandbox_is_tried_once_and_only_where_it_counts(tmp_path: Path) -> None:
    class Fresh(Counted):
        n_tried = 0

    for level in (Level.OBSERVE, Level.SUGGEST, Level.EDIT):
        assert not (await standing_at(tmp_path, level, sandbox=Fresh()).with_sandbox()).is_confined
    assert Fresh.n_tried == 0
    standing = standing_at(tmp_path, Level.AUTO, sandbox=Fresh())
    assert not standing.now().is_confined
    policies = await asyncio.gather(*(standing.with_sandbox() for _ in range(3)))
    assert [policy.is_confined for policy in policies] == [True] * 3
    assert (Fresh.n_tried, standing.now().is_confined) == (1, True)


@pytest.mark.asyncio
async def test_a_sandbox_that_cannot_be_tried_is_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    standing = standing_at(tmp_path, Level.AUTO, sandbox=Broken())
    assert not (await standing.with_sandbox()).is_confined
    assert "the sandbox cannot be tried" in caplog.text


def test_trust_is_offered_until_it_was_answered(tmp_path: Path) -> None:
    standing = standing_at(tmp_path)
    view = standing.view_of_trust()
    assert view is not None
    standing.trust_answered()
    assert standing.view_of_trust() is None
    # It was this session's person who said so.
    other = standing.apart()
    assert other.view_of_trust() is not None
    other.trust_folder(view.powers)
    assert other.view_of_trust() is None
    assert other.now().trust is Trust.TRUSTED
