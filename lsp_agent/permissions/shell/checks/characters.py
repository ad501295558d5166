"""Checks of the characters of a line, before anything is made of them."""

import unicodedata
from collections.abc import Iterator

from lsp_agent.permissions.shell.checks.check import Check, Part
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.showing import is_hidden
from mcp_tools.code.commands.script import Script

CONTROL_CHARACTERS = Check(
    name="control-characters",
    meaning="a control character: a terminal obeys it instead of showing it",
)
HIDDEN_CHARACTERS = Check(
    name="hidden-characters",
    meaning="a character that nobody sees, or that turns the direction in which text is read",
)
UNICODE_BLANKS = Check(
    name="unicode-blanks", meaning="a blank that looks like a space and does not part words"
)
LOOK_ALIKES = Check(
    name="look-alikes", meaning="a letter or dash in a command word or option that is not ASCII"
)
NEWLINE = Check(name="newline", meaning="more than one line: the second is easily overlooked")

_BLANK_CATEGORIES = ("Zs", "Zl", "Zp")


def control_characters(script: Script) -> Iterator[Finding]:
    """Find controls other than a newline or a tab, and what is no text at all."""
    for char in _hidden(script.line):
        if unicodedata.category(char) in ("Cc", "Cs"):
            yield CONTROL_CHARACTERS.high(f"the line has the character {char!a}")


def hidden_characters(script: Script) -> Iterator[Finding]:
    """Find zero-width characters, marks of direction, and characters without a meaning."""
    for char in _hidden(script.line):
        if unicodedata.category(char) not in (*_BLANK_CATEGORIES, "Cc", "Cs"):
            yield HIDDEN_CHARACTERS.high(f"the line has the character {char!a}")


def unicode_blanks(script: Script) -> Iterator[Finding]:
    """Find blanks other than a space, wherever they are."""
    for char in _hidden(script.line):
        if unicodedata.category(char) in _BLANK_CATEGORIES:
            yield UNICODE_BLANKS.high(f"the line has the blank {char!a}")


def newline(script: Script) -> Iterator[Finding]:
    """Find the end of a line that is not the end of all, also in quotes."""
    if "\n" in script.line.strip("\n"):
        yield NEWLINE.medium(f"there are {script.line.strip().count(chr(10)) + 1} lines")


def look_alikes(part: Part) -> Iterator[Finding]:
    """Find what is not ASCII in the command word, and at the start of an option."""
    words = [word.text for word in part.command.words]
    if words and not words[0].isascii():
        yield LOOK_ALIKES.high(f"{words[0]!a} is not written in ASCII")
    for word in words[1:]:
        if not word[:1].isascii() and unicodedata.category(word[0]) in ("Pd", "Sm"):
            yield LOOK_ALIKES.high(f"{word!a} begins with a dash that is none")


def _hidden(line: str) -> list[str]:
    """Give the hidden characters of a line, each once, in order."""
    if line.isascii() and line.isprintable():
        return []
    return [char for char in dict.fromkeys(line) if char not in "\n\t" and is_hidden(char)]
