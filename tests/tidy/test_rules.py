"""Every rule holds in the whole project, and its samples prove it."""

import pytest

from tests.tidy import (
    documentation,
    effects,
    names,
    shapes,
    sizes,
    suppressions,
    tools_and_tests,
)
from tests.tidy.source import Rule, source_files

RULES = (
    *documentation.RULES,
    *effects.RULES,
    *names.RULES,
    *shapes.RULES,
    *sizes.RULES,
    *suppressions.RULES,
    *tools_and_tests.RULES,
)

every_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


@every_rule
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    problems = [str(problem) for source in source_files() for problem in rule.check(source)]
    assert not problems, "\n".join([f"{rule.name}:", *problems])


@every_rule
def test_the_rule_catches_its_bad_samples(rule: Rule) -> None:
    missed = [sample.text for sample in rule.bad if not list(rule.check(sample.parse()))]
    assert rule.bad
    assert not missed


@every_rule
def test_the_rule_passes_its_good_samples(rule: Rule) -> None:
    caught = [problem for sample in rule.good for problem in rule.check(sample.parse())]
    assert rule.good
    assert not caught


def test_every_permit_is_used() -> None:
    assert not effects.unused_permits(source_files())


def test_every_exception_names_something() -> None:
    assert not shapes.unused_exceptions(source_files())
