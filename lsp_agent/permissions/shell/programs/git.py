"""`git`: commands that only read, where no setting has them run a program.

A command of a shell line is the plain git, with the settings of the repository. So it is LOW only
where these hold no more than what git itself writes there (see `git_repository`): a filter, a
`textconv`, `core.fsmonitor`, a promised remote or an included file make it MEDIUM, since no flag
of git stops all of them. Whatever changes the repository is HIGH: its folder is protected.

Source: the manuals of git 2.39, and what was measured there of hostile settings.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TypeAlias

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.files import is_secret, look_findings
from lsp_agent.permissions.shell.programs.git_options import TABLES
from lsp_agent.permissions.shell.programs.git_repository import hazards_of
from lsp_agent.permissions.shell.programs.options import Order, Parsed, options, parse, words
from lsp_agent.permissions.shell.programs.tabled import option_findings

_GLOBAL = options(
    """
    -P --no-pager --no-optional-locks --no-replace-objects --literal-pathspecs
    --glob-pathspecs --noglob-pathspecs --icase-pathspecs -v --version
    -C=FOLDER
    -c --config-env --exec-path --git-dir --work-tree=RUN
    -p --paginate !RUN
    """,
    order=Order.FIRST,
)

_LOOKS_AT_FILES = words("""
    status diff ls-files describe grep check-ignore check-attr blame annotate stash
""")
_SHOWS_NAMES = words("status ls-files check-ignore check-attr rev-parse branch tag config remote")
_NETWORK = words("clone fetch pull push ls-remote send-email svn p4 archive submodule")

_SIGNATURE = re.compile(r"%[-+ ]?G|\(\*?signature")
"""In a format it starts `gpg`."""
_SORTED_BY_SIGNATURE = re.compile(r"(?:--sort=)?-?(?:v(?:ersion)?:)?\*?signature\b.*")
_SORTS = words("branch tag for-each-ref")

_MAGIC = re.compile(r":(?:\([^)]*\))?")
"""What comes before a path: a commit and a colon, a range of lines, or pathspec magic."""


def _judge(invocation: Invocation) -> Iterator[Finding]:
    parsed = parse(_GLOBAL, invocation.arguments)
    yield from option_findings(invocation, _GLOBAL, parsed)
    for folder in (given.values[0] for given in parsed.options if given.spelling == "-C"):
        outside = tuple(look_findings(invocation, folder))
        if outside:
            yield from outside
            return
        invocation = replace(invocation, cwd=invocation.world.real(invocation.cwd / folder))
    if parsed.operands:
        command, *arguments = parsed.operands
        inner = replace(invocation, program=f"git {command}", arguments=tuple(arguments))
        yield from _judge_command(inner, command)


def _judge_command(invocation: Invocation, command: str) -> Iterator[Finding]:
    """Judge a command of git, of which the arguments are those after its name."""
    table = TABLES.get(command)
    if command in _NETWORK:
        yield found(Check.NETWORK, invocation.program)
    if table is None:
        yield found(Check.GIT_COMMAND, f"{invocation.program} is not known to only read")
        return
    given = parse(table, invocation.arguments)
    yield from option_findings(invocation, table, given)
    rule = _RULES.get(command)
    if rule is not None and not rule(invocation.arguments, given):
        yield found(Check.GIT_COMMAND, f"{invocation.program} may change the repository here")
    for word in _paths(invocation, command, given):
        yield from look_findings(invocation, word)
    yield from _contents(invocation, command)
    yield from _helpers(invocation, command)


def _paths(invocation: Invocation, command: str, given: Parsed) -> Iterator[str]:
    """Give the words that may be paths; what is a commit leads nowhere as a path.

    With a path outside of the repository `git diff` is a plain diff, of any two files.
    """
    if command == "diff":
        yield from (word for word in invocation.arguments if not word.startswith("-"))
    elif command == "grep" and not given.has("-e", "-f"):
        yield from given.operands[1:]
    else:
        yield from given.operands


def _contents(invocation: Invocation, command: str) -> Iterator[Finding]:
    """Files of which the content is shown, or a format that starts a program."""
    for word in invocation.arguments:
        path = _MAGIC.split(word)[-1]
        may_be_path = ":" in word or not word.startswith("-")
        if command not in _SHOWS_NAMES and may_be_path and is_secret(PurePath(path)):
            yield found(Check.SECRET_FILE, f"{invocation.program} {word!r} may hold credentials")
        is_key = command in _SORTS and _SORTED_BY_SIGNATURE.fullmatch(word)
        if is_key or _SIGNATURE.search(word):
            yield found(Check.EXECUTING_FLAG, f"{invocation.program} {word!r} starts gpg")


def _helpers(invocation: Invocation, command: str) -> Iterator[Finding]:
    """What the settings of the repository may have git run."""
    hazards = hazards_of(invocation.cwd)
    for hazard in hazards.of_objects + (hazards.of_files if command in _LOOKS_AT_FILES else ()):
        yield found(Check.GIT_HELPERS, f"{invocation.program}: the repository has {hazard}")


_Rule: TypeAlias = Callable[[tuple[str, ...], Parsed], bool]
"""Whether the arguments of a command, also given sorted, only ask for something."""

_LISTING = words("""
    -l --list -n --contains --no-contains --merged --no-merged --points-at
""")
_CONFIG_READING = words("--get --get-all --get-regexp --get-urlmatch -l --list")
_REFLOG_WRITING = words("expire delete drop write")


def _lists(arguments: tuple[str, ...], given: Parsed) -> bool:
    del arguments
    return not given.operands or given.has(*_LISTING)


def _reads_settings(arguments: tuple[str, ...], given: Parsed) -> bool:
    if given.has(*_CONFIG_READING) or arguments[:1] in {("get",), ("list",)}:
        return True
    return not given.operands or (len(given.operands) == 1 and "." in given.operands[0])


def _begins_with(*commands: str) -> _Rule:
    return lambda arguments, given: arguments[:1] in {(command,) for command in commands}


_RULES: Mapping[str, _Rule] = {
    "branch": _lists,
    "tag": _lists,
    "config": _reads_settings,
    "remote": lambda arguments, given: not given.operands or arguments[0] == "get-url",
    "worktree": _begins_with("list"),
    "stash": _begins_with("list", "show"),
    "reflog": lambda arguments, given: _REFLOG_WRITING.isdisjoint(arguments),
    "symbolic-ref": lambda arguments, given: len(given.operands) < 2,
}
"""The commands of which some words change the repository; those of all others do not."""

MODELS = (ProgramModel(names=("git",), judge=_judge),)
