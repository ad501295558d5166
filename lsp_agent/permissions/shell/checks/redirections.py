"""Checks of redirections: where input comes from, and output goes."""

from collections.abc import Iterator
from pathlib import Path

from lsp_agent.permissions.shell.checks.check import Check, Part
from lsp_agent.permissions.shell.checks.paths import Access, folder_of, path_findings
from lsp_agent.permissions.shell.judgement import Finding
from mcp_tools.code.commands.script import Redirect
from mcp_tools.code.commands.words import Feature
from mcp_tools.types.calls import Risk

REDIRECTION = Check(
    name="redirection", meaning="output goes to a file, or input comes from elsewhere"
)

_STREAMS = ("", "0", "1", "2")
_NOWHERE = "/dev/null"
_WRITING = (">", ">>", ">|", "&>", "&>>")
_DUPLICATING = (">&", "<&")


def redirections(part: Part) -> Iterator[Finding]:
    """Find redirections but those from a file of the workspace, to nowhere, and of streams."""
    for redirect in part.command.redirects:
        yield from _judged(part, redirect)


def _judged(part: Part, redirect: Redirect) -> Iterator[Finding]:
    target = redirect.target
    if redirect.descriptor not in _STREAMS:
        yield REDIRECTION.high(redirect.text)
    elif target is None:
        yield REDIRECTION.medium(f"{redirect.text} closes a stream")
    elif not target.is_literal or Feature.GLOB in target.features or not target.text:
        yield REDIRECTION.high(redirect.text)
    elif redirect.operator in _DUPLICATING:
        if target.text not in _STREAMS[1:]:
            yield REDIRECTION.high(redirect.text)
    elif target.text == _NOWHERE:
        return
    elif redirect.operator == "<":
        yield from path_findings(part, target.text, Access.READ)
    elif redirect.operator in _WRITING:
        yield from _written(part, redirect, target.text)
    else:
        yield REDIRECTION.high(redirect.text)


def _written(part: Part, redirect: Redirect, name: str) -> Iterator[Finding]:
    paths = tuple(_real(part, name))
    is_harmful = False
    for finding in path_findings(part, name):
        is_harmful = is_harmful or finding.risk is Risk.HIGH
        yield finding
    make = REDIRECTION.high if is_harmful else REDIRECTION.medium
    yield make(f"{redirect.text} writes a file", *paths)


def _real(part: Part, name: str) -> Iterator[Path]:
    folder = folder_of(part, name)
    if folder is not None:
        yield part.world.real(folder / name)
