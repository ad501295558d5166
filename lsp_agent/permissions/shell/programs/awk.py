r"""`awk`: only programs that choose lines and print fields; all others are refused.

    PROGRAM    = CLAUSE { (";" | blank) CLAUSE }
    CLAUSE     = CONDITION [ACTION] | ["BEGIN" | "END"] ACTION
    CONDITION  = TERM { ("&&" | "||") TERM }      also "!" before a term, and "," for a range
    TERM       = [VALUE "~"] /REGEX/ | VALUE [OPERATOR VALUE]
    ACTION     = "{" STATEMENT { ";" STATEMENT } "}"
    STATEMENT  = "print" [VALUE { [","] VALUE }] | NAME ("=" | "+=" | "-=") VALUE | NAME "++"
    VALUE      = $NUMBER | $NF | NF | NR | FNR | NUMBER | "TEXT" | NAME
    NAME       = a word in lower case, but `getline`

So there is no call, and no `>` or `|` after `print`: comparisons are conditions, outside of the
braces. A word `NAME=TEXT` among the files sets a variable, which no
such program uses.

Source: POSIX.1-2017, awk; the manuals of gawk 5.2 and mawk 1.3.
"""

import re
from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.files import read_findings
from lsp_agent.permissions.shell.programs.options import Order, options, parse
from lsp_agent.permissions.shell.programs.tabled import option_findings

_TABLE = options(
    """
    -F --field-separator=TEXT, -v --assign=TEXT, --version -V
    -f --file=LIST
    -e -i -l -E -D -W -o -p -d --source --include --load --exec !RUN
    """,
    order=Order.FIRST,
)

# Each piece is matched possessively (`++`, `*+`): there is one way to read a program.
_TEXT = r"\"(?:[^\"\\\n]|\\.)*+\""
_NAME = r"(?!getline)[a-z_]++"
_VALUE = rf"(?:\$(?:[0-9]++|NF)|NF|NR|FNR|[0-9]++|{_TEXT}|{_NAME})"
_REGEX = r"/(?:[^/\\\n\[\]]|\\.|\[\^?[^\[\]/\\\n]++\])++/"
_COMPARED = rf"(?:\s*+(?:==|!=|<=|>=|<|>|%)\s*+{_VALUE})*+"
_TERM = rf"!?\s*+(?:(?:{_VALUE}\s*+!?~\s*+)?{_REGEX}|{_VALUE}{_COMPARED})"
_CONDITION = rf"{_TERM}(?:\s*+(?:&&|\|\||,)\s*+{_TERM})*+"
_PRINT = rf"print(?![a-z_])(?:\s*+(?:,\s*+)?{_VALUE})*+"
_STATEMENT = rf"(?:{_PRINT}|{_NAME}\s*+(?:\+\+|[-+]?=\s*+{_VALUE}))"
_ACTION = rf"\{{\s*+{_STATEMENT}(?:\s*+;\s*+{_STATEMENT})*+\s*+;?\s*+\}}"
_CLAUSE = rf"(?:{_CONDITION}(?:\s*+{_ACTION})?|(?:(?:BEGIN|END)\s*+)?{_ACTION})"
_PROGRAM = re.compile(rf"\s*+{_CLAUSE}(?:[\s;]++{_CLAUSE})*+\s*+")

_MAX_CHARS = 200
"""Enough for one line."""


def is_reading_program(text: str) -> bool:
    """Whether a program only chooses lines and prints fields of them."""
    return len(text) <= _MAX_CHARS and _PROGRAM.fullmatch(text) is not None


def _judge(invocation: Invocation) -> Iterator[Finding]:
    parsed = parse(_TABLE, invocation.arguments)
    yield from option_findings(invocation, _TABLE, parsed)
    files = parsed.operands
    if not parsed.has("--file"):
        for text in parsed.operands[:1]:
            if not is_reading_program(text):
                yield found(Check.SCRIPT, f"awk {text!r} is not known to only print fields")
        files = parsed.operands[1:]
    for word in files:
        yield from read_findings(invocation, word)


MODELS = (ProgramModel(names=("awk", "gawk", "mawk"), judge=_judge),)
