"""A program with its words, as a model of that program judges it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A simple command whose words are all literal, globs with a safe prefix included."""

    program: str
    """The bare name of the program, which lies outside of the workspace."""
    arguments: tuple[str, ...]
    """After quoting, and with globs replaced by what they stand for."""
    cwd: Path
    """Where it runs, after the `cd` of earlier parts; canonical, in the workspace."""
    root: Path
    world: World
    has_piped_input: bool = False
    """Its standard input is another part of the pipeline; else it is empty, or a file."""


Judge: TypeAlias = Callable[[Invocation], Iterable[Finding]]
"""Gives the reasons for which it is more than reading the workspace; none if it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramModel:
    """What is known of a program: which options it has, and which words are files."""

    names: tuple[str, ...]
    judge: Judge
