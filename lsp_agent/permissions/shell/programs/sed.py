r"""`sed`: the script is parsed, and refused if anything in it is not listed here.

Listed are addresses, the commands `= d D g G h H l n N p P q Q x z { }`, `b`, `t`, `T` and `:`
with a plain label, `y`, and `s` with the flags `g p i I m M` and a number. So what writes
(`w`, `W`, `s///w`), runs (`e`, `s///e`), reads (`r`, `R`) or takes text (`a`, `i`, `c`) is refused.

Source: the manual of GNU sed 4.9.
"""

import re
from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.files import read_findings
from lsp_agent.permissions.shell.programs.options import options, parse
from lsp_agent.permissions.shell.programs.tabled import option_findings

_TABLE = options("""
    -n --quiet --silent -E -r --regexp-extended --posix --debug --sandbox -s --separate
    -u --unbuffered -z --null-data --help --version
    -e --expression=SCRIPT, --line-length=NUM
    -f --file=LIST
    -i --in-place[=SUFFIX] !WRITE
""")

_PIECE = r"(?:[^\\\n{d}]|\\.)*"
"""A part of `s` or `y`, or a regular expression, up to the next delimiter `{d}`."""

_ADDRESS = re.compile(r"(?:[0-9]+(?:~[0-9]+)?|\$|/(?P<regex>(?:[^\\\n/]|\\.)*)/[IM]*)")
_SECOND_ADDRESS = re.compile(
    r"[ \t]*,[ \t]*(?:[+~][0-9]+|ADDRESS)".replace("ADDRESS", _ADDRESS.pattern)
)
_SIMPLE = re.compile(r"[=dDgGhHnNpPxz]|[lqQ][ \t]*[0-9]*|[btT](?:[ \t]*\w+)?|:[ \t]*\w+")
_END = re.compile(r"[ \t]*(?:[;\n]|\Z|(?=\}))")
_BLANK = re.compile(r"[ \t\n;]*")
_SPACE = re.compile(r"[ \t]*!?[ \t]*")
_SUBSTITUTION_FLAGS = re.compile(r"[gpiImM0-9]*")


def is_reading_script(script: str) -> bool:
    """Whether a script only prints or drops what it has read, as far as this parser knows."""
    at, depth = 0, 0
    while (at := _skip(_BLANK, script, at)) < len(script):
        if script[at] == "}":
            depth, at = depth - 1, at + 1
            end = _END.match(script, at)
        else:
            at = _after_addresses(script, at)
            if at < 0:
                return False
            if script[at : at + 1] == "{":
                depth, at = depth + 1, at + 1
                continue
            at = _after_command(script, at)
            end = _END.match(script, at) if at > 0 else None
        if end is None or depth < 0:
            return False
        at = end.end()
    return depth == 0


def _skip(pattern: re.Pattern[str], script: str, at: int) -> int:
    match = pattern.match(script, at)
    return at if match is None else match.end()


def _after_addresses(script: str, at: int) -> int:
    """Give where the command begins; -1 if a regular expression may end elsewhere."""
    for pattern in (_ADDRESS, _SECOND_ADDRESS):
        match = pattern.match(script, at)
        if match is None:
            break
        if match["regex"] and not _is_unambiguous(match["regex"]):
            return -1
        at = match.end()
    return _skip(_SPACE, script, at)


def _after_command(script: str, at: int) -> int:
    """Give where a command ends; -1 if it is not listed."""
    if script[at : at + 1] in {"s", "y"}:
        return _after_pieces(script, at)
    match = _SIMPLE.match(script, at)
    return -1 if match is None else match.end()


def _after_pieces(script: str, at: int) -> int:
    delimiter = script[at + 1 : at + 2]
    if not delimiter or delimiter in "\\\n" or delimiter.isalnum() or delimiter.isspace():
        return -1
    piece = _PIECE.replace("{d}", re.escape(delimiter))
    whole = re.compile(
        rf"{re.escape(delimiter)}({piece}){re.escape(delimiter)}{piece}{re.escape(delimiter)}"
    )
    match = whole.match(script, at + 1)
    if match is None or not _is_unambiguous(match[1]):
        return -1
    return _skip(_SUBSTITUTION_FLAGS, script, match.end()) if script[at] == "s" else match.end()


def _is_unambiguous(regex: str) -> bool:
    """Whether each `[` is closed, so that no delimiter stands in brackets.

    Programs differ in whether a delimiter in brackets ends the expression.
    """
    return re.fullmatch(r"(?:[^\\\[]|\\.|\[\^?\]?[^\[\]]*\])*", regex, re.DOTALL) is not None


def _judge(invocation: Invocation) -> Iterator[Finding]:
    parsed = parse(_TABLE, invocation.arguments)
    yield from option_findings(invocation, _TABLE, parsed)
    scripts = [
        value
        for given in parsed.options
        if "-e" in given.option.spellings
        for value in given.values
    ]
    operands = parsed.operands
    if not parsed.has("--expression", "--file"):
        scripts, operands = operands[:1], operands[1:]
    for script in scripts:
        if not is_reading_script(script):
            yield found(Check.SCRIPT, f"sed {script!r} is not known to only print")
    for word in operands:
        yield from read_findings(invocation, word)


MODELS = (ProgramModel(names=("sed", "gsed"), judge=_judge),)
