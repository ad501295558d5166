"""`jq`: its filters are pure but for a few names, which are looked for in the whole text.

Every call of a builtin stands in the text by its name, so a text without the names has no effect.
Source: the manual of jq 1.6 and 1.7.
"""

import re
from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.files import read_findings
from lsp_agent.permissions.shell.programs.options import Style, options, parse
from lsp_agent.permissions.shell.programs.tabled import option_findings

# `-f` makes the first operand a file with the filter, and `-L` names folders of modules.
_TABLE = options(
    """
    -c --compact-output -n --null-input -e --exit-status -s --slurp -r --raw-output -R --raw-input
    -C --color-output -M --monochrome-output -S --sort-keys -a --ascii-output -j --join-output
    --raw-output0 --tab --seq --stream --stream-errors --unbuffered --args
    --jsonargs -h --help -V --version
    --indent=NUM, --arg=NAME+TEXT, --argjson=NAME+JSON
    --slurpfile=NAME+FILE, --rawfile=NAME+FILE
    -f --from-file !LIST
    """,
    style=Style.WORDS,
)

_ENVIRONMENT = re.compile(r"(?<![.$@\w])env\b|(?<![.@\w])ENV\b|\.\.(?:env|ENV)\b")
"""`env` and `$ENV`, also `$ ENV`; but not the field `.env`, nor a variable `$env`."""

_MODULES = re.compile(r"(?<![.$@\w])(?:import|include|modulemeta|get_search_list)\b")


def _judge(invocation: Invocation) -> Iterator[Finding]:
    parsed = parse(_TABLE, invocation.arguments)
    yield from option_findings(invocation, _TABLE, parsed)
    has_file = parsed.has("-f", "--from-file")
    for text in () if has_file else parsed.operands[:1]:
        if _ENVIRONMENT.search(text):
            yield found(Check.ENVIRONMENT, f"jq {text!r} may show variables")
        if _MODULES.search(text):
            yield found(Check.SCRIPT, f"jq {text!r} may load a module")
    for word in parsed.operands if has_file else parsed.operands[1:]:
        yield from read_findings(invocation, word)


MODELS = (ProgramModel(names=("jq",), judge=_judge),)
