"""Checks of the program that a command runs, by its name and its first words."""

from collections.abc import Callable, Iterator
from itertools import pairwise, takewhile

from lsp_agent.permissions.shell.checks.check import Check, Part
from lsp_agent.permissions.shell.checks.known_programs import (
    CODE_LETTERS,
    CODE_OPTIONS,
    DESTRUCTIVE_GIT,
    DESTRUCTIVE_PROGRAMS,
    EXECUTING_OPTIONS,
    GIT_OPTIONS_WITH_VALUE,
    HARMLESS,
    INTERPRETERS,
    NETWORK_COMMANDS,
    NETWORK_PROGRAMS,
    PRIVILEGED,
    RUNNERS,
    SHELLS,
    STATE_BUILTINS,
)
from lsp_agent.permissions.shell.checks.syntax import STATE_OF_SHELL
from lsp_agent.permissions.shell.judgement import Finding

UNKNOWN_PROGRAM = Check(
    name="unknown-program", meaning="a program of which it is not known what it does"
)
NETWORK = Check(name="network", meaning="it reaches the network, or another machine")
PRIVILEGE = Check(
    name="privilege", meaning="it gains rights, or changes who has them, or a service of the system"
)
DESTRUCTIVE = Check(name="destructive", meaning="what it takes away is hard to get back")
INTERPRETER = Check(name="interpreter", meaning="it runs code in a language that is not judged")
EXECUTING_FLAG = Check(
    name="executing-flag", meaning="its words are, or have in them, another command to run"
)


def unknown_program(part: Part) -> Iterator[Finding]:
    """Find programs of which nothing but the name is known, if that."""
    if part.command.words and part.name not in HARMLESS:
        yield UNKNOWN_PROGRAM.medium(part.text)


def shell_state(part: Part) -> Iterator[Finding]:
    """Find builtins that run text, or change what comes after them."""
    if part.name in STATE_BUILTINS:
        yield STATE_OF_SHELL.high(part.text)


def network(part: Part) -> Iterator[Finding]:
    """Find programs that reach the network, always or by some of their commands."""
    names_of_it = _spellings(part) | _modules(part)
    lists = [words for name, words in NETWORK_COMMANDS.items() if name in names_of_it]
    is_listed = any(not words or _has_any(part.arguments, words) for words in lists)
    if is_listed or names_of_it & NETWORK_PROGRAMS:
        yield NETWORK.high(part.text)


def privilege(part: Part) -> Iterator[Finding]:
    """Find programs that change rights, users, or services of the system."""
    if part.name in PRIVILEGED:
        yield PRIVILEGE.high(part.text)


def destructive(part: Part) -> Iterator[Finding]:
    """Find what deletes trees, overwrites disks, ends other programs, or loses commits."""
    is_sweeping = part.name == "rm" and any(map(_is_sweeping, part.arguments))
    if part.name.split(".")[0] in DESTRUCTIVE_PROGRAMS or is_sweeping:
        yield DESTRUCTIVE.high(part.text)
    elif part.name == "git":
        command, words = _git_command(part.arguments)
        starts = DESTRUCTIVE_GIT.get(command)
        if starts is not None and (not starts or any(map(_begins(starts), words))):
            yield DESTRUCTIVE.high(part.text)


def interpreter(part: Part) -> Iterator[Finding]:
    """Find shells and interpreters: code in the line or from a pipe, or a file of code."""
    if not (_spellings(part) & (SHELLS | INTERPRETERS)):
        return
    options = tuple(takewhile(lambda word: word.startswith("-"), part.arguments))
    has_file = len(options) < len(part.arguments)
    has_code = not has_file or any(map(_takes_code, options))
    make = INTERPRETER.high if has_code else INTERPRETER.medium
    yield make(part.text)


def executing_flag(part: Part) -> Iterator[Finding]:
    """Find programs that run another one, and options that make a program do so."""
    if part.name in RUNNERS:
        yield EXECUTING_FLAG.high(part.text)
    options = tuple(EXECUTING_OPTIONS.get(part.name, "").split())
    for word in part.arguments:
        if options and word.startswith(options):
            yield EXECUTING_FLAG.high(f"{part.name} {word}")


def _git_command(arguments: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Give the command of git, after the options of git itself, and the words after it."""
    is_value = False
    for number, word in enumerate(arguments):
        if not is_value and not word.startswith("-"):
            return word, arguments[number + 1 :]
        is_value = not is_value and word in GIT_OPTIONS_WITH_VALUE
    return "", ()


def _begins(starts: str) -> Callable[[str], bool]:
    """Give what tells whether a word begins in a way; `--` only means itself."""
    beginnings = tuple(start for start in starts.split() if start != "--")
    return lambda word: word.startswith(beginnings) or (word == "--" and "--" in starts.split())


def _takes_code(option: str) -> bool:
    if option.startswith("--"):
        return option.startswith(CODE_OPTIONS)
    return option == "-" or not CODE_LETTERS.isdisjoint(option[1:])


def _spellings(part: Part) -> set[str]:
    """Give the name of a program with and without a version: `pip3.11` is `pip`, too."""
    return {part.name, part.name.rstrip("0123456789.")}


def _modules(part: Part) -> set[str]:
    """Give what is run by `-m`: `python -m pip install` is `pip install`."""
    pairs = pairwise(part.arguments)
    return {word for option, word in pairs if option == "-m"}


def _has_any(arguments: tuple[str, ...], words: str) -> bool:
    return not set(words.split()).isdisjoint(arguments)


def _is_sweeping(word: str) -> bool:
    """Tell whether an option of `rm` takes folders with all that is in them."""
    if word.startswith("--"):
        return word.startswith(("--r", "--n"))
    return word.startswith("-") and not {"r", "R"}.isdisjoint(word)
