"""Find symbols by name, or list those of a file."""

import argparse
from dataclasses import asdict

from lsp_agent.cli.code_questions import add_code_arguments, opened_code, print_answer
from lsp_agent.cli.command import CliCommand, UsageError
from mcp_tools.code.answers.data import item_data
from mcp_tools.code.answers.items import flattened, trimmed
from mcp_tools.code.answers.listing import whole_data
from mcp_tools.code.answers.naming import read_files_with
from mcp_tools.code.answers.places import file_of
from mcp_tools.code.answers.symbols import SymbolsWish, file_overview, find_symbols
from mcp_tools.code.navigation.outline import outline
from mcp_tools.code.navigation.results import ItemKind
from mcp_tools.types.codebase import CodebaseView

MAX_DEPTH = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "query",
        metavar="NAME",
        nargs="?",
        help="`name`, `Class/method`, `/top_level`, or a part of a name",
    )
    parser.add_argument(
        "--in", dest="scope", metavar="PATH", help="look in this file or folder only"
    )
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=[kind.value for kind in ItemKind],
        help="only this kind; may be given several times",
    )
    parser.add_argument(
        "--depth",
        metavar="N",
        type=int,
        help="levels of symbols within to list (default: 0; all if no name is given)",
    )
    add_code_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the symbols. Raises: UsageError, CommandFailed."""
    if arguments.query is None and arguments.scope is None:
        raise UsageError("expected a name, or a file by --in")
    if arguments.depth is not None and not 0 <= arguments.depth <= MAX_DEPTH:
        raise UsageError(f"expected --depth from 0 to {MAX_DEPTH}, got {arguments.depth}")
    with opened_code(arguments) as open_view:
        if arguments.query is None:
            return _list(open_view(), arguments)
        read_files_with(open_view(), arguments.query)
        return _find(open_view(), arguments)


def _list(codebase: CodebaseView, arguments: argparse.Namespace) -> int:
    file = file_of(codebase.snapshot, arguments.scope)
    depth = MAX_DEPTH if arguments.depth is None else arguments.depth
    listing = file_overview(codebase, file, depth)
    items = flattened(trimmed(outline(codebase, file)), depth) if arguments.json else ()
    data = {"symbols": [asdict(item_data(item)) for item in items]}
    return print_answer(arguments, codebase, listing, data)


def _find(codebase: CodebaseView, arguments: argparse.Namespace) -> int:
    scope = arguments.scope and file_of(codebase.snapshot, arguments.scope)
    if scope and codebase.facts(scope) is None:
        scope = None if scope == "." else f"{scope}/"
    wish = SymbolsWish(
        query=arguments.query,
        scope=scope,
        kinds=frozenset(ItemKind(kind) for kind in arguments.kind),
        depth=arguments.depth or 0,
    )
    listing = find_symbols(codebase, wish)
    items = whole_data(listing) if arguments.json else ()
    data = {"symbols": [asdict(item) for item in items]}
    return print_answer(arguments, codebase, listing, data)


COMMAND = CliCommand(
    name="symbols",
    summary="find symbols by name, or list those of a file",
    add_arguments=add_arguments,
    run=run,
)
