"""Which languages the index understands, and by what a file shows its language.

The parser of a language is loaded with the first text: where all is known there is none.
"""

import importlib
from dataclasses import dataclass

from mcp_tools.types.facts import Facts
from mcp_tools.types.glances import Glance


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language whose texts give facts."""

    name: str
    suffixes: tuple[str, ...]
    """Ends of file names, dot included, in lower case."""
    extraction: str
    """The module whose `extract` gives the facts of a text."""
    glancing: str
    """The module whose `glance` looks at one name in a text."""

    def extract(self, text: str) -> Facts:
        """Give the facts of a text; never raises, whatever that is."""
        facts: Facts = importlib.import_module(self.extraction).extract(text)
        return facts

    def glance(self, text: str, name: str) -> Glance | None:
        """Give the places of a name that a text only imports and uses; None at any doubt."""
        found: Glance | None = importlib.import_module(self.glancing).glance(text, name)
        return found


LANGUAGES = (
    Language(
        name="python",
        suffixes=(".py", ".pyi"),
        extraction="mcp_tools.index.python.extraction",
        glancing="mcp_tools.index.python.glancing",
    ),
)


def language_of(file: str) -> Language | None:
    """Give the language of a file by its name; None if the index does not understand it."""
    for language in LANGUAGES:
        if file.lower().endswith(language.suffixes):
            return language
    return None
