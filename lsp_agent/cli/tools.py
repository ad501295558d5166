"""List the tools that the agent has."""

import argparse
import json
import re

from lsp_agent.cli.command import CliCommand
from lsp_agent.cli.exit_codes import ExitCode
from mcp_tools.code.describing import describe
from mcp_tools.registry import discover
from mcp_tools.types.calls import Tool

SCHEMA = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object, with the tools' schemas"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the tools."""
    tools = discover()
    if arguments.json:
        print(json.dumps({"schema": SCHEMA, "tools": [describe(tool) for tool in tools]}))
        return ExitCode.DONE
    width = max(len(tool.name) for tool in tools)
    for tool in tools:
        print(f"{tool.name:{width}}  {_effect(tool):6}  {_first_sentence(tool.description)}")
    return ExitCode.DONE


def _effect(tool: Tool) -> str:
    return "reads" if tool.is_read_only else "edits"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", " ".join(text.split()), maxsplit=1)[0]


COMMAND = CliCommand(
    name="tools",
    summary="list the tools that the agent has",
    add_arguments=add_arguments,
    run=run,
)
