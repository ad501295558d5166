"""Find how one function comes to call another."""

import argparse
from dataclasses import asdict

from lsp_agent.cli.code_questions import (
    SYMBOL_HELP,
    add_code_arguments,
    opened_code,
    print_answer,
)
from lsp_agent.cli.command import CliCommand
from mcp_tools.code.answers.listing import whole_data
from mcp_tools.code.answers.naming import located
from mcp_tools.code.answers.paths import find_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("source", metavar="FROM", help=f"the caller: {SYMBOL_HELP}")
    parser.add_argument("goal", metavar="TO", help="what is called, likewise")
    add_code_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the way. Raises: UsageError, CommandFailed."""
    with opened_code(arguments) as open_view:
        source = located(open_view, arguments.source)
        goal = located(open_view, arguments.goal)
        codebase = open_view()
        result = find_path(codebase, source, goal)
        data: dict[str, object] = {}
        if arguments.json:
            data = {
                "steps": [asdict(step) for step in whole_data(result.listing)],
                "is_complete": result.path.is_complete,
            }
        return print_answer(arguments, codebase, result.listing, data)


COMMAND = CliCommand(
    name="callpath",
    summary="find how one function comes to call another",
    add_arguments=add_arguments,
    run=run,
)
