"""Checks of words: what the shell would make of them before a program gets them."""

import re
from collections.abc import Iterator

from lsp_agent.permissions.shell.checks.check import Check, Part
from lsp_agent.permissions.shell.checks.syntax import BRACE_EXPANSION, EXPANSION, SUBSTITUTION
from lsp_agent.permissions.shell.judgement import Finding
from mcp_tools.code.commands.words import Feature, Word

QUOTING = Check(
    name="quoting", meaning="quotes or backslashes where they only hide what is written"
)
TILDE_EXPANSION = Check(
    name="tilde-expansion", meaning="`~` stands for a folder outside of the workspace"
)
COMMAND_WORD = Check(
    name="command-word", meaning="which program runs is made of a variable, a glob or another word"
)
GLOB_INTO_FLAGS = Check(
    name="glob-into-flags", meaning="a glob that a file could turn into an option; write `./*`"
)
ENVIRONMENT_PREFIX = Check(
    name="environment-prefix", meaning="a variable is set that can change what a program does"
)

_FEATURES = {
    Feature.VARIABLE: EXPANSION,
    Feature.SUBSTITUTION: SUBSTITUTION,
    Feature.TILDE: TILDE_EXPANSION,
    Feature.BRACES: BRACE_EXPANSION,
    Feature.TRANSLATED: QUOTING,
    Feature.ODD_ESCAPE: QUOTING,
}

_HARMLESS_VARIABLES = re.compile(
    r"(?:LC_[A-Z]+|LANG)=[A-Za-z0-9_.@-]*|TZ=(?:[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*)?|NO_COLOR=1?"
)
"""They choose language, time zone and colours; a value that is a path is none of these."""

_BUILD_VARIABLES = re.compile(
    r"(?:CI|DEBUG|VERBOSE|FORCE_COLOR|COLUMNS|RUST_BACKTRACE|PYTHONDONTWRITEBYTECODE"
    r"|PYTHONUNBUFFERED|NODE_ENV)=[A-Za-z0-9_-]*"
)
"""They change how much a build does or says."""


def expansions(part: Part) -> Iterator[Finding]:
    """Find words, and values of variables, that the shell would make something else of."""
    for word in (*part.command.assignments, *part.command.words):
        for feature in sorted(word.features):
            check = _FEATURES.get(feature)
            if check is not None:
                yield check.high(word.source)


def quoting(part: Part) -> Iterator[Finding]:
    """Find a quoted command word, and quotes that are there to hide."""
    for number, word in enumerate(part.command.words):
        if number == 0 and Feature.QUOTED in word.features:
            yield QUOTING.high(f"the command word {word.source} is quoted")
        elif Feature.HIDING in word.features:
            yield QUOTING.medium(word.source)


def command_word(part: Part) -> Iterator[Finding]:
    """Find a command word that is not written out, or that a shell takes for its own option."""
    if not part.command.words:
        return
    word = part.command.words[0]
    is_written_out = word.is_literal and Feature.GLOB not in word.features
    if not is_written_out or word.text.startswith(("-", "+")) or not word.text:
        yield COMMAND_WORD.high(word.source)


def glob_into_flags(part: Part) -> Iterator[Finding]:
    """Find globs that begin with a wildcard, or that stand for names which begin with `-`."""
    for word in part.command.words[1:]:
        if Feature.GLOB in word.features:
            yield from _glob(part, word)


def environment_prefix(part: Part) -> Iterator[Finding]:
    """Find variables that are set, but for a few that only choose language or colours."""
    for word in part.command.assignments:
        if part.command.words and _HARMLESS_VARIABLES.fullmatch(word.source):
            continue
        is_of_builds = part.command.words and _BUILD_VARIABLES.fullmatch(word.source)
        make = ENVIRONMENT_PREFIX.medium if is_of_builds else ENVIRONMENT_PREFIX.high
        yield make(word.source)


def _glob(part: Part, word: Word) -> Iterator[Finding]:
    names = None if part.cwd is None else part.world.expand(word.pattern, part.cwd)
    if names is None:
        yield GLOB_INTO_FLAGS.high(f"{word.source} stands for too much to look at")
    elif any(name.startswith("-") for name in (*names, word.text)):
        yield GLOB_INTO_FLAGS.high(f"{word.source} stands for what looks like an option")
    elif word.pattern[0] in "*?[":
        yield GLOB_INTO_FLAGS.medium(word.source)
