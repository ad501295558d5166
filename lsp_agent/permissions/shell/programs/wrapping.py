"""Programs that run another one: judged as that one with its words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.options import Order, Parsed, options, parse, words
from lsp_agent.permissions.shell.programs.tabled import option_findings

Lookup: TypeAlias = Callable[[str], ProgramModel | None]

_XARGS = options(
    """
    -0 --null -r --no-run-if-empty -t --verbose -x --exit --help --version
    -d --delimiter=CHAR, -L=NUM, --max-lines[=NUM], -n --max-args=NUM, -P --max-procs=NUM
    -s --max-chars=NUM, -I=TEXT
    -a --arg-file=LIST
    """,
    order=Order.FIRST,
)

_TIMEOUT = options(
    """
    --foreground --preserve-status -v --verbose --help --version
    -k --kill-after=TIME, -s --signal=NAME
    """,
    order=Order.FIRST,
)

_COMMAND = options("-p -v -V", order=Order.FIRST)

_PRINTING = words("echo printf basename dirname true false")
"""No word makes these do more than print it."""

_READING = words("""
    cat tac head tail nl wc cut ls stat grep egrep fgrep md5sum sha1sum sha256sum realpath readlink
""")
"""No word makes these do more than read a file, whatever option it is."""

_DURATION = re.compile(r"[0-9]+(?:\.[0-9]+)?[smhd]?")


def wrapping_models(lookup: Lookup) -> tuple[ProgramModel, ...]:
    """Make the models, which ask for the model of the program within."""

    def xargs(invocation: Invocation) -> Iterator[Finding]:
        parsed = parse(_XARGS, invocation.arguments)
        yield from option_findings(invocation, _XARGS, parsed)
        yield from _inner(invocation, parsed.operands, lookup)
        yield from _unseen(parsed.operands)
        yield from _replaced(parsed)

    def timeout(invocation: Invocation) -> Iterator[Finding]:
        parsed = parse(_TIMEOUT, invocation.arguments)
        yield from option_findings(invocation, _TIMEOUT, parsed)
        if parsed.operands and not _DURATION.fullmatch(parsed.operands[0]):
            yield found(Check.UNEXPECTED_OPERAND, f"timeout {parsed.operands[0]!r}")
        yield from _inner(invocation, parsed.operands[1:], lookup)

    def command(invocation: Invocation) -> Iterator[Finding]:
        parsed = parse(_COMMAND, invocation.arguments)
        yield from option_findings(invocation, _COMMAND, parsed)
        if not parsed.has("-v", "-V"):
            yield from _inner(invocation, parsed.operands, lookup)

    return (
        ProgramModel(names=("xargs",), judge=xargs),
        ProgramModel(names=("timeout",), judge=timeout),
        ProgramModel(names=("command",), judge=command),
    )


def _inner(invocation: Invocation, inner: list[str], lookup: Lookup) -> Iterator[Finding]:
    """Judge a program that another one starts; `inner` is its name and its words."""
    if not inner:
        return
    name, *arguments = inner
    model = lookup(name)
    path = invocation.world.program(name, invocation.cwd)
    if model is None or path is None or path.is_relative_to(invocation.root):
        yield found(Check.INNER_PROGRAM, f"{invocation.program} runs {name!r}")
    else:
        yield from model.judge(replace(invocation, program=name, arguments=tuple(arguments)))


def _replaced(parsed: Parsed) -> Iterator[Finding]:
    """Judge the text of `-I`, which is replaced in the name of the program, too."""
    for given in parsed.options:
        if given.spelling == "-I" and given.values[0] in "".join(parsed.operands[:1]):
            yield found(Check.INNER_PROGRAM, "xargs takes the name of a program from its input")


def _unseen(inner: list[str]) -> Iterator[Finding]:
    """Judge what `xargs` adds to the words, or puts in their place: any file, or any option."""
    if not inner or inner[0] in _PRINTING:
        return
    if inner[0] in _READING:
        yield found(Check.UNSEEN_OPERANDS, f"xargs gives {inner[0]!r} names from its input")
    else:
        yield found(Check.INNER_PROGRAM, f"xargs gives {inner[0]!r} options from its input")
