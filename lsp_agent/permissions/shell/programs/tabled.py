"""Models that are a table of options and a rule for the operands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.files import look_findings, read_findings
from lsp_agent.permissions.shell.programs.options import (
    Effect,
    Given,
    OptionTable,
    Parsed,
    parse,
)

OperandRule: TypeAlias = Callable[[Invocation, Parsed], Iterable[Finding]]
"""Judges the operands, knowing the options."""

_CHECKS = {
    Effect.WRITE: Check.WRITING_FLAG,
    Effect.RUN: Check.EXECUTING_FLAG,
    Effect.NETWORK: Check.NETWORK_FLAG,
    Effect.LINKS: Check.FOLLOWED_LINKS,
    Effect.WAIT: Check.NEVER_ENDS,
    Effect.LIST: Check.LISTED_FILES,
}


def _no_file(invocation: Invocation, value: str) -> Iterable[Finding]:
    del invocation, value
    return ()


_FILE_RULES: dict[str, Callable[[Invocation, str], Iterable[Finding]]] = {
    Effect.READ: read_findings,
    Effect.LIST: read_findings,
    Effect.LOOK: look_findings,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableJudge:
    """Judges by a table of options and a rule for the operands."""

    table: OptionTable
    operands: OperandRule

    def __call__(self, invocation: Invocation) -> Iterator[Finding]:
        """Give what the options do, and what the rule says of the operands."""
        parsed = parse(self.table, invocation.arguments)
        yield from option_findings(invocation, self.table, parsed)
        yield from self.operands(invocation, parsed)


def program(names: str, table: OptionTable, operands: OperandRule) -> ProgramModel:
    """Make the model of a program, or of several that have the same options."""
    return ProgramModel(
        names=tuple(names.split()), judge=TableJudge(table=table, operands=operands)
    )


def option_findings(
    invocation: Invocation, table: OptionTable, parsed: Parsed
) -> Iterator[Finding]:
    """Judge the options that were given, and the words that are no option of the table."""
    for word in parsed.unknown:
        yield from _unknown(invocation, table, word)
    for given in parsed.options:
        yield from _effects(invocation, given)


def _unknown(invocation: Invocation, table: OptionTable, word: str) -> Iterator[Finding]:
    """Judge an unknown word by the worst that it may mean: an abbreviation, or a cluster."""
    yield found(Check.UNKNOWN_OPTION, f"{invocation.program} {word!r} is not known to only read")
    name = word.partition("=")[0]
    letters = () if word.startswith("--") else tuple(f"-{letter}" for letter in word[1:])
    for spelling, option in table.by_spelling.items():
        if spelling in letters or (len(name) > 2 and spelling.startswith(name)):
            for check in _checks(option.effect, *option.values):
                yield found(check, f"{invocation.program} {word!r} may mean {spelling}")


def _effects(invocation: Invocation, given: Given) -> Iterator[Finding]:
    words = " ".join((invocation.program, given.spelling, *given.values))
    for check in _checks(given.option.effect, *given.option.values):
        yield found(check, words)
    for kind, value in zip(given.option.values, given.values, strict=False):
        rule = _FILE_RULES.get(kind, _no_file)
        # Programs of clap take `-f=FILE` for `-f FILE`, those of getopt for the file `=FILE`.
        for word in dict.fromkeys((value, value.removeprefix("="))):
            yield from rule(invocation, word)


def _checks(*effects: str | None) -> Iterator[Check]:
    for effect in effects:
        if effect in _CHECKS:
            yield _CHECKS[Effect(effect)]


def files(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Operands are files that are read."""
    for word in parsed.operands:
        yield from read_findings(invocation, word)


def names(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Operands are files or folders that are looked at, not read."""
    for word in parsed.operands:
        yield from look_findings(invocation, word)


def texts(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Operands are only data."""
    del invocation, parsed
    yield from ()


def nothing(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """There are no operands."""
    for word in parsed.operands:
        yield found(Check.UNEXPECTED_OPERAND, f"{invocation.program} {word!r}")


def input_then_output(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """The first operand is read, the second written."""
    for word in parsed.operands[:1]:
        yield from read_findings(invocation, word)
    for word in parsed.operands[1:]:
        yield found(Check.WRITTEN_OPERAND, f"{invocation.program} writes {word!r}")


def pattern_then(rule: OperandRule, *, unless: tuple[str, ...]) -> OperandRule:
    """The first operand is a pattern unless one of some options is given; the rest by a rule."""

    def judge(invocation: Invocation, parsed: Parsed) -> Iterable[Finding]:
        first = 0 if parsed.has(*unless) else 1
        return rule(invocation, Parsed(options=parsed.options, operands=parsed.operands[first:]))

    return judge
