"""All checks by name, with what they mean; those of the models of programs are listed there."""

from functools import cache

from lsp_agent.permissions.shell import running, shells
from lsp_agent.permissions.shell.checks import (
    characters,
    paths,
    programs,
    redirections,
    syntax,
    words,
)
from lsp_agent.permissions.shell.checks.check import Check

_MODULES = (characters, syntax, words, redirections, paths, programs, running, shells)


@cache
def all_checks() -> dict[str, Check]:
    """Give the checks of lines and parts, in the order in which the modules define them."""
    values = (value for module in _MODULES for value in vars(module).values())
    return {value.name: value for value in values if isinstance(value, Check)}
