"""Options of a program: a table that reads like its manual page, and the words parsed by it.

A table is text. Entries are parted by commas or new lines:

    -n --number -b              flags; `-n` and `--number` are two, though they do the same
    -e --regexp=PATTERN         two spellings of an option with a value, which is only data
    -f --file=FILE              with a value that is a file, read when the program runs
    --color[=WHEN]              with a value only when that is attached
    -o --output=WRITE           with a value that has an effect; so has the flag in the next line
    -z --search-zip !RUN        see `Effect` for the words that mean something
    --rawfile=NAME+FILE         with two values
    -NUM                        a number: -5, -20

What is not in the table is unknown, an abbreviation of what is there included.
The tables are of GNU programs; what means something else elsewhere is left out of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum


class Effect(StrEnum):
    """What an option does beyond changing the output; other words for values are data."""

    READ = "FILE"
    """The value is a file, of which the content is read."""
    LOOK = "PATH"
    """The value is a file or folder that is only looked at."""
    LIST = "LIST"
    """The value is a file with further options, names of files or a script: all unseen."""
    WRITE = "WRITE"
    RUN = "RUN"
    NETWORK = "NETWORK"
    LINKS = "LINKS"
    """Links are followed that a folder holds."""
    WAIT = "WAIT"
    """The program does not end."""


class Style(Enum):
    """How a program reads its words."""

    GETOPT = "getopt"
    """Flags in clusters, values attached or in the next word, `--long=value`."""
    WORDS = "words"
    """An own parser: values only in the next word, and clusters only of flags."""


class Order(Enum):
    """Where options may stand."""

    ANYWHERE = "anywhere"
    """Also after operands, up to `--`."""
    FIRST = "first"
    """The first operand ends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A flag, or an option with values in all its spellings."""

    spellings: tuple[str, ...]
    values: tuple[str, ...] = ()
    """A word for each value it takes: one of `Effect`, or any other."""
    is_optional: bool = False
    """Its value is only taken when attached."""
    effect: Effect | None = None
    """What it does by itself."""

    @property
    def is_flag(self) -> bool:
        """Whether it takes no value."""
        return not self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTable:
    """The options of a program."""

    by_spelling: Mapping[str, Option]
    has_numbers: bool = False
    """Numbers such as `-5` are options."""
    style: Style = Style.GETOPT
    order: Order = Order.ANYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An option as it was given."""

    option: Option
    spelling: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The words of a program, sorted."""

    options: list[Given] = field(default_factory=list[Given])
    operands: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])
    """Words that no entry of the table explains."""

    def has(self, *spellings: str) -> bool:
        """Whether one of some flags was given, or an option that has one of the spellings."""
        return any(s in given.option.spellings for given in self.options for s in spellings)


_ENTRY = re.compile(
    r"(?P<spellings>--?[^\s=\[!]+(?: --?[^\s=\[!]+)*)"
    r"(?:(?P<optional>\[=)(?P<maybe>\w+)\]|=(?P<values>\w+(?:\+\w+)*))?"
    r"(?: !(?P<effect>\w+))?"
)
_NUMBER = re.compile(r"-[0-9]+")


def options(
    text: str, *, style: Style = Style.GETOPT, order: Order = Order.ANYWHERE
) -> OptionTable:
    """Read a table, as the module describes it."""
    texts = (entry.strip() for entry in re.split(r"[,\n]", text))
    entries = [option for entry in texts if entry for option in _options(entry)]
    by_spelling = {spelling: entry for entry in entries for spelling in entry.spellings}
    has_numbers = by_spelling.pop("-NUM", None) is not None
    return OptionTable(by_spelling=by_spelling, has_numbers=has_numbers, style=style, order=order)


def words(text: str) -> frozenset[str]:
    """Read a set of words that are parted by blanks."""
    return frozenset(text.split())


def _options(entry: str) -> Iterator[Option]:
    match = _ENTRY.fullmatch(entry)
    if match is None:
        raise ValueError(f"no entry of a table of options: {entry!r}")
    spellings = tuple(match["spellings"].split())
    effect = Effect(match["effect"]) if match["effect"] else None
    if "=" in entry:
        yield Option(
            spellings=spellings,
            values=tuple((match["maybe"] or match["values"]).split("+")),
            is_optional=match["optional"] is not None,
            effect=effect,
        )
    else:
        yield from (Option(spellings=(spelling,), effect=effect) for spelling in spellings)


def parse(table: OptionTable, words: tuple[str, ...]) -> Parsed:
    """Sort the words of a program into options, operands, and what is not known."""
    parsed = Parsed()
    rest = iter(words)
    for word in rest:
        if word == "--":
            break
        if word == "-" or not word.startswith("-"):
            parsed.operands.append(word)
            if table.order is Order.FIRST:
                break
        elif table.has_numbers and _NUMBER.fullmatch(word):
            continue
        elif table.style is Style.WORDS:
            _parse_word(table, word, rest, parsed)
        elif word.startswith("--"):
            _parse_long(table, word, rest, parsed)
        else:
            _parse_cluster(table, word, rest, parsed)
    parsed.operands.extend(rest)
    return parsed


def _parse_long(table: OptionTable, word: str, rest: Iterator[str], parsed: Parsed) -> None:
    spelling, equals, value = word.partition("=")
    option = table.by_spelling.get(spelling)
    if option is None or (equals and option.is_flag):
        parsed.unknown.append(word)
    elif equals:
        parsed.options.append(Given(option=option, spelling=spelling, values=(value,)))
    elif option.is_optional:
        parsed.options.append(Given(option=option, spelling=spelling))
    else:
        _take_values(option, spelling, rest, parsed)


def _parse_cluster(table: OptionTable, word: str, rest: Iterator[str], parsed: Parsed) -> None:
    for index, letter in enumerate(word[1:], start=2):
        option = table.by_spelling.get(f"-{letter}")
        if option is None:
            parsed.unknown.append(word)
            return
        attached = word[index:]
        if option.is_flag:
            parsed.options.append(Given(option=option, spelling=f"-{letter}"))
        elif attached or option.is_optional:
            values = (attached,) if attached else ()
            parsed.options.append(Given(option=option, spelling=f"-{letter}", values=values))
            return
        else:
            _take_values(option, f"-{letter}", rest, parsed)
            return


def _parse_word(table: OptionTable, word: str, rest: Iterator[str], parsed: Parsed) -> None:
    option = table.by_spelling.get(word)
    letters = [table.by_spelling.get(f"-{letter}") for letter in word[1:]]
    flags = [letter for letter in letters if letter is not None and letter.is_flag]
    if option is not None:
        _take_values(option, word, rest, parsed)
    elif word.startswith("--"):
        _parse_long(table, word, rest, parsed)
    elif len(flags) == len(letters):
        parsed.options.extend(Given(option=flag, spelling=flag.spellings[0]) for flag in flags)
    else:
        parsed.unknown.append(word)


def _take_values(option: Option, spelling: str, rest: Iterator[str], parsed: Parsed) -> None:
    values = tuple(value for _, value in zip(option.values, rest, strict=False))
    if len(values) == len(option.values):
        parsed.options.append(Given(option=option, spelling=spelling, values=values))
    else:
        parsed.unknown.append(spelling)
