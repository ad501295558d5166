"""Which languages the index understands, and by what a file shows its language.

The parser of a language is loaded with the first text: where all is known there is none.
"""

import importlib
from dataclasses import dataclass

from mcp_tools.types.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language whose texts give facts."""

    name: str
    suffixes: tuple[str, ...]
    """Ends of file names, dot included, in lower case."""
    extraction: str
    """The module whose `extract` gives the facts of a text."""

    def extract(self, text: str) -> Facts:
        """Give the facts of a text; never raises, whatever that is."""
        facts: Facts = importlib.import_module(self.extraction).extract(text)
        return facts


LANGUAGES = (
    Language(
        name="python",
        suffixes=(".py", ".pyi"),
        extraction="mcp_tools.index.python.extraction",
    ),
)


def language_of(file: str) -> Language | None:
    """Give the language of a file by its name; None if the index does not understand it."""
    for language in LANGUAGES:
        if file.lower().endswith(language.suffixes):
            return language
    return None
