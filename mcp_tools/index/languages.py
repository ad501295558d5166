"""Which languages the index understands, and by what a file shows its language."""

from collections.abc import Callable
from dataclasses import dataclass

from mcp_tools.index.python.extraction import extract
from mcp_tools.types.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language whose texts give facts."""

    name: str
    suffixes: tuple[str, ...]
    """Ends of file names, dot included, in lower case."""
    extract: Callable[[str], Facts]
    """Never raises, whatever the text is."""


LANGUAGES = (Language(name="python", suffixes=(".py", ".pyi"), extract=extract),)


def language_of(file: str) -> Language | None:
    """Give the language of a file by its name; None if the index does not understand it."""
    for language in LANGUAGES:
        if file.lower().endswith(language.suffixes):
            return language
    return None
