"""`find`: paths, then an expression of tests; what acts on the files found is refused.

Source: the manual of GNU findutils 4.9. What BSD has besides is unknown.
"""

from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found, risk_of
from lsp_agent.permissions.shell.programs.files import look_findings
from lsp_agent.permissions.shell.programs.options import words
from mcp_tools.types.calls import Risk

_LEADING = frozenset({"-H", "-P", "-O0", "-O1", "-O2", "-O3"})

_ALONE = words("""
    ( ) ! , -a -o -and -or -not -true -false -empty -executable -readable -writable
    -nouser -nogroup -depth -d -mount -xdev -noleaf -daystart -ignore_readdir_race
    -noignore_readdir_race -warn -nowarn -print -print0 -ls -prune -quit -help --help
    -version --version
""")

_WITH_DATA = words("""
    -name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname
    -type -xtype -size -perm -mtime -atime -ctime -mmin -amin -cmin -used -user -group -uid
    -gid -links -inum -fstype -maxdepth -mindepth -printf -newermt -newerat -newerct -context
""")

_WITH_FILE = words("-newer -anewer -cnewer -samefile")

_REFUSED = {
    "-exec": Check.EXECUTING_FLAG,
    "-execdir": Check.EXECUTING_FLAG,
    "-ok": Check.EXECUTING_FLAG,
    "-okdir": Check.EXECUTING_FLAG,
    "-delete": Check.WRITING_FLAG,
    "-fprint": Check.WRITING_FLAG,
    "-fprint0": Check.WRITING_FLAG,
    "-fprintf": Check.WRITING_FLAG,
    "-fls": Check.WRITING_FLAG,
    "-files0-from": Check.LISTED_FILES,
    "-L": Check.FOLLOWED_LINKS,
    "-follow": Check.FOLLOWED_LINKS,
}


def _judge(invocation: Invocation) -> Iterator[Finding]:
    """Judge the words up to the first action that runs or writes: it is HIGH in any case."""
    rest = iter(invocation.arguments)
    is_in_expression = False
    for word in rest:
        if word in _REFUSED:
            yield found(_REFUSED[word], f"find {word}")
            if risk_of(_REFUSED[word]) is Risk.HIGH:
                return
        elif word in _LEADING:
            continue
        elif is_in_expression or word.startswith("-") or word in _ALONE:
            is_in_expression = True
            yield from _test(invocation, word, rest)
        else:
            yield from look_findings(invocation, word)


def _test(invocation: Invocation, word: str, rest: Iterator[str]) -> Iterator[Finding]:
    if word in _ALONE:
        return
    if word not in _WITH_DATA and word not in _WITH_FILE:
        yield found(Check.UNKNOWN_OPTION, f"find {word!r} is not known to only read")
        return
    value = next(rest, None)
    if value is None:
        yield found(Check.UNKNOWN_OPTION, f"find {word!r} lacks its value")
    elif word in _WITH_FILE:
        yield from look_findings(invocation, value)


MODELS = (ProgramModel(names=("find",), judge=_judge),)
