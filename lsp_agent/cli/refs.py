"""List where a symbol is used."""

import argparse
from dataclasses import asdict

from lsp_agent.cli.code_questions import (
    SYMBOL_HELP,
    add_code_arguments,
    opened_code,
    print_answer,
)
from lsp_agent.cli.command import CliCommand
from mcp_tools.code.answers.data import item_data, site_data
from mcp_tools.code.answers.naming import located
from mcp_tools.code.answers.references import find_references
from mcp_tools.code.answers.texts import Texts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("symbol", metavar="SYMBOL", help=SYMBOL_HELP)
    parser.add_argument(
        "--textual", action="store_true", help="also list where only the name is the same"
    )
    add_code_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the places. Raises: UsageError, CommandFailed."""
    with opened_code(arguments) as open_view:
        target = located(open_view, arguments.symbol)
        codebase = open_view()
        result = find_references(codebase, target, include_textual=arguments.textual)
        texts = Texts(codebase)
        found = result.found
        data: dict[str, object] = {}
        if arguments.json:
            data = {
                "symbol": asdict(item_data(result.item)),
                "references": [asdict(site_data(s, texts.snippet(s))) for s in found.sites],
                "textual": [asdict(site_data(s, texts.snippet(s))) for s in found.textual],
            }
        return print_answer(arguments, codebase, result.listing, data)


COMMAND = CliCommand(
    name="refs",
    summary="list where a symbol is used",
    add_arguments=add_arguments,
    run=run,
)
