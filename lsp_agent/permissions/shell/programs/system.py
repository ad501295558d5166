"""Programs that print a text, a time or a fact of the machine, and the tests of the shell.

Source of the tables: the manuals of GNU coreutils 9.1, bash 5.2, procps 4.0, hostname 3.23.
"""

import re
from collections.abc import Iterator

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.files import look_findings
from lsp_agent.permissions.shell.programs.options import Order, Parsed, options, words
from lsp_agent.permissions.shell.programs.tabled import nothing, program, texts

_DATE = options("""
    -I --iso-8601[=PRECISION], -R --rfc-email --resolution --debug -u --utc --universal
    --help --version
    -d --date=TEXT, --rfc-3339=PRECISION, -r --reference=PATH
    -f --file=FILE
    -s --set=WRITE
""")

_UNAME = options("""
    -a --all -s --kernel-name -n --nodename -r --kernel-release -v --kernel-version -m --machine
    -p --processor -i --hardware-platform -o --operating-system --help --version
""")

_ID = options("""
    -a -Z --context -g --group -G --groups -n --name -r --real -u --user -z --zero --help --version
""")

_FREE = options("""
    -b --bytes -k --kibi -m --mebi -g --gibi --tebi --pebi --kilo --mega --giga --tera --peta
    -h --human --si -l --lohi -t --total -w --wide -L --line --help -V --version
    -c --count=NUM
    -s --seconds=NUM !WAIT
""")

_PUBLIC_VARIABLES = words("""
    PATH HOME PWD OLDPWD USER LOGNAME SHELL LANG LANGUAGE LC_ALL TERM TZ EDITOR PAGER TMPDIR
    VIRTUAL_ENV CONDA_PREFIX PYTHONPATH GOPATH GOROOT JAVA_HOME NVM_DIR CARGO_HOME NODE_ENV CI
""")


def _format(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """A time is shown after `+`; as any other word it is set."""
    for word in parsed.operands:
        if not word.startswith("+"):
            yield found(Check.WRITTEN_OPERAND, f"{invocation.program} sets the time to {word!r}")


def _variables(invocation: Invocation, parsed: Parsed) -> Iterator[Finding]:
    """Only variables that hold no secret by their meaning."""
    secret = [name for name in parsed.operands if name not in _PUBLIC_VARIABLES]
    if secret or not parsed.operands:
        yield found(Check.ENVIRONMENT, " ".join((invocation.program, *secret)))


def _env(invocation: Invocation) -> Iterator[Finding]:
    if invocation.arguments:
        yield found(Check.INNER_PROGRAM, "env runs a program in another environment")
    else:
        yield found(Check.ENVIRONMENT, "env shows all variables")


def _ps(invocation: Invocation) -> Iterator[Finding]:
    yield found(Check.PROCESSES, "ps shows the command lines of other programs")
    for word in invocation.arguments:
        if not word.startswith("-") and "e" in word:
            yield found(Check.ENVIRONMENT, f"ps {word!r} shows the variables of other programs")


def _silent(invocation: Invocation) -> Iterator[Finding]:
    """Whatever the words are, they are printed or left unread."""
    del invocation
    yield from ()


_CONVERSION = re.compile(r"%(?:%|[-+ #0']*(?:[0-9]+|\*)?(?:\.(?:[0-9]+|\*)?)?[diouxXeEfFgGaAcsbq])")
"""What `printf` of bash formats; `%n` sets a variable, and the rest is rare."""


def _printf(invocation: Invocation) -> Iterator[Finding]:
    arguments = invocation.arguments
    if arguments[:1] == ("--",):
        arguments = arguments[1:]
    elif arguments and arguments[0].startswith("-"):
        yield found(Check.WRITTEN_OPERAND, f"printf {arguments[0]!r} may set a variable")
    if arguments and "%" in _CONVERSION.sub("", arguments[0]):
        yield found(Check.WRITTEN_OPERAND, f"printf {arguments[0]!r} may set a variable")


_SECONDS = re.compile(r"[0-9]*\.?[0-9]+s?")


def _sleep(invocation: Invocation) -> Iterator[Finding]:
    for word in invocation.arguments:
        if not _SECONDS.fullmatch(word):
            yield found(Check.NEVER_ENDS, f"sleep {word!r}")


_FILE_TESTS = words("-a -b -c -d -e -f -g -h -k -p -r -s -u -w -x -G -L -N -O -S")
_TEXT_TESTS = words("-n -z -t")
_FILE_COMPARISONS = words("-nt -ot -ef")
_RUNNING_TESTS = words("-v -R")
_COMPARISONS = words("= == != < > -eq -ne -lt -le -gt -ge ! ( ) -a -o")


def _test(invocation: Invocation) -> Iterator[Finding]:
    """Judge `test` and `[`: `-v` and `-R` may run what stands in an index.

    A word beside an operator for files is taken for a file, whatever else it may be.
    """
    arguments = invocation.arguments
    for index, word in enumerate(arguments):
        before, after = arguments[max(index - 1, 0) : index], arguments[index + 1 : index + 2]
        if word in _FILE_COMPARISONS:
            near = (*before, *after)
        elif word in _FILE_TESTS:
            near = after
        else:
            near = ()
            if word in _RUNNING_TESTS:
                yield found(Check.EXECUTING_FLAG, f"test {word} may run what stands in an index")
            is_known = word in _TEXT_TESTS or word in _COMPARISONS or not word.startswith("-")
            if not is_known and not word.lstrip("-").isdecimal():
                yield found(Check.UNKNOWN_OPTION, f"test {word!r} is not known to only read")
        for name in near:
            yield from look_findings(invocation, name)


_HELP = options("--help --version")

MODELS = (
    program("date", _DATE, _format),
    program("uname", _UNAME, nothing),
    program("arch whoami logname tty", options("-s --help --version"), nothing),
    program(
        "hostname", options("-s --short -I --all-ip-addresses -h --help -V --version"), nothing
    ),
    program("id", _ID, texts),
    program("groups users", _HELP, texts),
    program("nproc", options("--all --help --version, --ignore=NUM"), nothing),
    program("free", _FREE, nothing),
    program("uptime", options("-p --pretty -s --since -h --help -V --version"), nothing),
    program("printenv", options("-0 --null --help --version", order=Order.FIRST), _variables),
    ProgramModel(names=("env",), judge=_env),
    ProgramModel(names=("ps",), judge=_ps),
    ProgramModel(names=("echo", "true", "false", ":"), judge=_silent),
    ProgramModel(names=("printf",), judge=_printf),
    ProgramModel(names=("sleep",), judge=_sleep),
    ProgramModel(names=("test", "["), judge=_test),
)
