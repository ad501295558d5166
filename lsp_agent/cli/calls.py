"""List who calls a function, or what it calls."""

import argparse
from dataclasses import asdict

from lsp_agent.cli.code_questions import (
    SYMBOL_HELP,
    add_code_arguments,
    opened_code,
    print_answer,
)
from lsp_agent.cli.command import CliCommand, UsageError
from mcp_tools.code.answers.calls import call_data, find_calls
from mcp_tools.code.answers.data import item_data
from mcp_tools.code.answers.items import signed
from mcp_tools.code.answers.naming import located
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.navigation.results import Direction

MAX_DEPTH = 20
MAX_NODES = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("symbol", metavar="SYMBOL", help=SYMBOL_HELP)
    parser.add_argument(
        "--direction",
        choices=[direction.value for direction in Direction],
        default=Direction.IN.value,
        help="`in` for callers, `out` for what it calls (default: %(default)s)",
    )
    parser.add_argument(
        "--depth",
        metavar="N",
        type=int,
        default=1,
        help="how many calls to follow (default: %(default)s)",
    )
    add_code_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the calls. Raises: UsageError, CommandFailed."""
    if not 1 <= arguments.depth <= MAX_DEPTH:
        raise UsageError(f"expected --depth from 1 to {MAX_DEPTH}, got {arguments.depth}")
    direction = Direction(arguments.direction)
    with opened_code(arguments) as open_view:
        target = located(open_view, arguments.symbol)
        codebase = open_view()
        result = find_calls(codebase, target, direction, arguments.depth, max_nodes=MAX_NODES)
        data: dict[str, object] = {}
        if arguments.json:
            calls = call_data(result.root.calls, arguments.depth, Texts(codebase))
            data = {
                "symbol": asdict(item_data(signed(codebase, result.root.item))),
                "direction": direction.value,
                "depth": arguments.depth,
                "calls": [asdict(call) for call in calls],
            }
        return print_answer(arguments, codebase, result.listing, data)


COMMAND = CliCommand(
    name="calls",
    summary="list who calls a function, or what it calls",
    add_arguments=add_arguments,
    run=run,
)
