"""Show the most important symbols of a code base."""

import argparse
from dataclasses import asdict

from lsp_agent.cli.code_questions import add_code_arguments, opened_code, print_answer
from lsp_agent.cli.command import CliCommand, UsageError
from mcp_tools.code.answers.listing import whole_data
from mcp_tools.code.answers.maps import draw_map
from mcp_tools.code.answers.places import file_of

TOKENS = 2000
MIN_TOKENS, MAX_TOKENS = 50, 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "words", metavar="WORD", nargs="*", help="the task in words; names in it are preferred"
    )
    parser.add_argument(
        "--file",
        metavar="PATH",
        action="append",
        default=[],
        help="a file or folder that it is about; may be given several times",
    )
    parser.add_argument(
        "--tokens",
        metavar="N",
        type=int,
        default=TOKENS,
        help="how long it may be (default: %(default)s)",
    )
    add_code_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the map. Raises: UsageError, CommandFailed."""
    if not MIN_TOKENS <= arguments.tokens <= MAX_TOKENS:
        raise UsageError(
            f"expected --tokens from {MIN_TOKENS} to {MAX_TOKENS}, got {arguments.tokens}"
        )
    with opened_code(arguments) as open_view:
        codebase = open_view()
        listing = draw_map(
            codebase,
            files=[file_of(codebase.snapshot, path) for path in arguments.file],
            words=" ".join(arguments.words),
            max_tokens=arguments.tokens,
        )
        files = whole_data(listing) if arguments.json else ()
        data = {"files": [asdict(file) for file in files]}
        return print_answer(arguments, codebase, listing, data)


COMMAND = CliCommand(
    name="map",
    summary="show the most important symbols of a code base",
    add_arguments=add_arguments,
    run=run,
)
