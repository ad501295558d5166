"""A shell line as bash reads it: words, commands, and how they are joined.

What is judged and what runs both come from here, so that they are the same.
"""

import importlib
import re
from dataclasses import dataclass
from typing import Protocol, cast

from mcp_tools.code.commands.words import Feature, Word

MAX_LINE_BYTES = 4096
"""What is longer is not read at all."""

_SPECIAL = re.compile(r"[|&;()<>\[\]{}$`\n]")
_MAX_SPECIAL = 150
"""What has more of these is not read either: the time to do so grows with their square."""


def names(text: str) -> frozenset[str]:
    """Give the names in a text, for tables that are to be read."""
    return frozenset(text.split())


BUILTINS = names("""
    . : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare
    dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill
    let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt
    source suspend test times trap true type typeset ulimit umask unalias unset wait
""")
"""The commands that bash 5.2 does itself."""

RESERVED_WORDS = names("""
    ! [[ ]] { } case coproc do done elif else esac fi for function if in select then time until
    while
""")
"""What bash 5.2 takes for syntax, where a command may begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something for which a line is not a plain sequence of pipelines of simple commands."""

    kind: str
    """A node type of the grammar; `ERROR`, `MISSING`; or what the bytes say against the tree."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where an input or output of a command goes, or comes from."""

    descriptor: str
    """The number before the operator, or nothing."""
    operator: str
    target: Word | None
    """None where the operator closes it."""

    @property
    def text(self) -> str:
        """The redirection as it could be written."""
        return (
            f"{self.descriptor}{self.operator}{'' if self.target is None else self.target.source}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleCommand:
    """Assignments, words, redirections."""

    assignments: tuple[Word, ...] = ()
    """Before the first word: `NAME=value`."""
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A pipeline, and what joins it to the one before."""

    joiner: str
    """`;`, a newline, `&&` or `||`; empty for the first."""
    commands: tuple[SimpleCommand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A line, read."""

    line: str
    steps: tuple[Step, ...] = ()
    """In order; none if there is an oddity."""
    commands: tuple[SimpleCommand, ...] = ()
    """All simple commands at whatever depth; where there is an oddity, as far as they are seen."""
    oddities: tuple[Oddity, ...] = ()

    @property
    def argv(self) -> tuple[str, ...]:
        """The words of the only command, if they alone say what runs; else nothing.

        That is a program with literal words: no builtin, no glob, no assignment, no redirection.
        """
        if len(self.steps) != 1 or len(self.commands) != 1:
            return ()
        command = self.commands[0]
        is_bare = not command.assignments and not command.redirects
        has_glob = any(Feature.GLOB in word.features for word in command.words)
        texts = tuple(word.text for word in command.words)
        is_plain = is_bare and not has_glob and all(word.is_literal for word in command.words)
        return texts if is_plain and texts[0] not in BUILTINS else ()


class _Syntax(Protocol):
    def parse(self, line: str) -> Script: ...


def read_script(line: str) -> Script:
    """Read a shell line; whatever it is, that is an answer and no error."""
    if not line.isprintable() and any("\ud800" <= char <= "\udfff" for char in line):
        return Script(line=line, oddities=(Oddity(kind="no text", text=ascii(line[:80])),))
    if "\0" in line:
        return Script(line=line, oddities=(Oddity(kind="NUL", text=ascii(line[:80])),))
    is_long = len(line) > MAX_LINE_BYTES or len(line.encode()) > MAX_LINE_BYTES
    if is_long or len(_SPECIAL.findall(line)) > _MAX_SPECIAL:
        return Script(line=line, oddities=(Oddity(kind="too long", text=line[:80]),))
    # The grammar takes its time to load, and most sessions of an editor run no command.
    syntax = cast(_Syntax, importlib.import_module("mcp_tools.code.commands.syntax"))
    return syntax.parse(line)
