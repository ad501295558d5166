"""Write the README's tables of tools, settings and commands from the code.

Run as `python -m tools.generate_docs`; with `--check` it writes nothing, and fails when a table
is out of date. A table stands between the markers `<!-- generated: NAME -->` and
`<!-- end generated: NAME -->`.
"""

import argparse
import difflib
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import msgspec

from lsp_agent.cli.main import COMMANDS
from lsp_agent.config.settings import Settings
from lsp_agent.server import features
from lsp_agent.server.registration import registered_handlers
from mcp_tools.registry import discover
from mcp_tools.types.calls import Tool

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


class DocumentError(Exception):
    """A document lacks a marker, or has one for a table that does not exist."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the README, and give the exit code."""
    parser = argparse.ArgumentParser(prog="generate_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if out of date")
    is_check: bool = parser.parse_args(arguments).check
    old = README.read_text(encoding="utf-8")
    new = fill(old, {name: make() for name, make in TABLES.items()})
    if old == new:
        return 0
    if not is_check:
        README.write_text(new, encoding="utf-8")
        return 0
    difference = difflib.unified_diff(old.splitlines(), new.splitlines(), "README.md", "generated")
    print("\n".join(difference), file=sys.stderr)
    print("README.md is out of date: run `make fix`", file=sys.stderr)
    return 1


def fill(text: str, tables: Mapping[str, str]) -> str:
    """Put each table between its markers.

    Raises: DocumentError if a table has no markers, or markers have no table.
    """
    for name in re.findall(r"<!-- generated: (\S+) -->", text):
        if name not in tables:
            raise DocumentError(f"expected one of {sorted(tables)} in a marker, got {name!r}")
    for name, table in tables.items():
        start, end = f"<!-- generated: {name} -->", f"<!-- end generated: {name} -->"
        head, found_start, rest = text.partition(start)
        _, found_end, tail = rest.partition(end)
        if not found_start or not found_end:
            raise DocumentError(f"expected the markers {start!r} and {end!r}, in this order")
        text = f"{head}{start}\n{table}\n{end}{tail}"
    return text


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a Markdown table; line breaks and bars in cells are made harmless."""
    lines = [header, ["---"] * len(header), *([_cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |".replace("| --- ", "|---") for line in lines)


def settings_rows(settings: type[msgspec.Struct]) -> list[tuple[str, str, str]]:
    """Give name, default and description of each field, in their order."""
    return [
        (f"`{field.name}`", _default(field), _description(field))
        for field in msgspec.structs.fields(settings)
    ]


def tools_table() -> str:
    """List the tools with the first sentence of their description."""
    rows = [
        (f"`{tool.name}`", _first_sentence(tool.description), _effect(tool)) for tool in discover()
    ]
    return table(("tool", "what it does", "effect"), rows)


def settings_table() -> str:
    """List the settings, with their defaults."""
    return table(("setting", "default", "what it is"), settings_rows(Settings))


def commands_table() -> str:
    """List the commands with their summaries."""
    rows = [(f"`lsp-agent {name}`", summary) for name, summary in COMMANDS.items()]
    return table(("command", "what it does"), rows)


def editor_commands_table() -> str:
    """List the commands of the language server with the first line of their docstrings."""
    rows = [
        (f"`{mark.method}`", (handler.__doc__ or "").split("\n")[0])
        for mark, handler in registered_handlers(features)
        if mark.is_command
    ]
    return table(("command", "what it does"), sorted(rows))


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    return "none" if field.default is None else f"`{json.dumps(field.default)}`"


def _description(field: msgspec.structs.FieldInfo) -> str:
    metas = (meta for meta in get_args(field.type)[1:] if isinstance(meta, msgspec.Meta))
    return next((meta.description or "" for meta in metas), "")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", text.strip(), maxsplit=1)[0]


def _effect(tool: Tool) -> str:
    if not tool.is_pure:
        return "goes out to the network" if tool.is_open_world else "runs a program"
    return "reads" if tool.is_read_only else "returns an edit"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


TABLES: Mapping[str, Callable[[], str]] = {
    "commands": commands_table,
    "editor-commands": editor_commands_table,
    "settings": settings_table,
    "tools": tools_table,
}

if __name__ == "__main__":
    sys.exit(main())
