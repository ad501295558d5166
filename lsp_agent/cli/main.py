"""The program: finds the command, and imports that one only."""

import argparse
import difflib
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.secrets.logs import hidden_in_logs
from lsp_agent.version import VERSION
from mcp_tools.garbage import collecting_later

PROGRAM = "lsp-agent"

COMMANDS: Mapping[str, str] = {
    "ask": "do, or answer, what you write",
    "audit": "show what tools did and what was allowed, or check that nothing of it was changed",
    "callpath": "find how one function comes to call another",
    "calls": "list who calls a function, or what it calls",
    "demo": "fix a broken sample project, with no key and no network",
    "doctor": "say what works here, and how to mend what does not",
    "fix": "fix the problems of a file, or of one line",
    "gate": "show what would happen to a command, and why, without running it",
    "history": "list what was changed, by whom, and what can still be undone",
    "hooks": "list what runs when something happens, or try it",
    "index": "read all code of a project, so that questions on it are answered at once",
    "lsp": "serve an editor over stdio",
    "map": "show the most important symbols of a code base",
    "mcp": "serve the tools to other models' programs, over stdio or HTTP",
    "refs": "list where a symbol is used",
    "review": "accept, reject or comment on edits that wait for review",
    "rules": "list, add or take back rules about what happens without a question",
    "run": "run a command, and propose what it changes",
    "symbols": "find symbols by name, or list those of a file",
    "tools": "list the tools that the agent has",
    "trust": "say whether a folder is trusted, and give or take back the trust",
    "undo": "take changes back, or make them again",
    "waiting": "list what was denied because nobody could be asked",
}
"""Names and summaries; the command NAME is in the module `lsp_agent.cli.NAME`.

They are repeated here so that neither `--help` nor a command has to import all of them.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, `sys.argv` unless given, and give the exit code."""
    _open_what_is_closed()
    _never_fail_on_characters()
    with hidden_in_logs():
        return _ended(sys.argv[1:] if argv is None else list(argv))


def _ended(argv: list[str]) -> int:
    """Run the command line, and turn every way to end into an exit code."""
    try:
        exit_code = _run(argv)
        sys.stdout.flush()
    except UsageError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return ExitCode.USAGE
    except CommandFailed as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return ExitCode.NOT_SOLVED
    except KeyboardInterrupt:
        print(f"{PROGRAM}: cancelled", file=sys.stderr)
        return ExitCode.CANCELLED
    except BrokenPipeError:
        _close_output()
        return ExitCode.OUTPUT_CLOSED
    except OSError as error:
        # A full disk below stdout, or a file that the system does not let be read.
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        _close_output()
        return ExitCode.NOT_SOLVED
    return exit_code


def _run(argv: list[str]) -> int:
    if argv and not argv[0].startswith("-"):
        return _run_command(argv[0], argv[1:])
    parser = _parser()
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    try:
        options = parser.parse_args(argv)
    except _Exit as ended:
        return ended.code
    if options.version:
        print(f"{PROGRAM} {VERSION}")
        return ExitCode.DONE
    parser.print_help(sys.stderr)
    return ExitCode.USAGE


def load_command(name: str) -> CliCommand:
    """Import the command of that name; it must be one of COMMANDS."""
    with collecting_later():
        command = importlib.import_module(f"{__package__}.{name}").COMMAND
    assert isinstance(command, CliCommand)
    return command


def _run_command(name: str, argv: list[str]) -> int:
    if name not in COMMANDS:
        raise UsageError(_unknown(name))
    command = load_command(name)
    parser = _Parser(prog=f"{PROGRAM} {name}", description=f"{_sentence(command.summary)}.")
    command.add_arguments(parser)
    try:
        arguments = parser.parse_args(argv)
    except _Exit as ended:
        return ended.code
    return command.run(arguments)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, COMMANDS)
    hint = f"did you mean {' or '.join(close)}?" if close else f"expected {', '.join(COMMANDS)}"
    return f"there is no command {name!r}; {hint} (see `{PROGRAM} --help`)"


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:{width}}  {summary}" for name, summary in COMMANDS.items())
    return _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} COMMAND ...",
        description="One coding agent behind the doors that you already use.",
        epilog=f"commands:\n{lines}\n\n`{PROGRAM} COMMAND --help` says more about each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


class _Exit(Exception):
    """The parser has said all there is to say."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Parser(argparse.ArgumentParser):
    """A parser that does not end the process, so that `main` gives every exit code."""

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Print the message and leave the parsing."""
        if message:
            self._print_message(message, sys.stderr)
        raise _Exit(status)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _open_what_is_closed() -> None:
    """Put nothing behind a standard stream that is closed; Python has None for it.

    The lowest free descriptor is taken each time, so no file of ours can become the output.
    """
    streams = (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_WRONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    )
    for name, flags, mode in streams:
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))


def _never_fail_on_characters() -> None:
    """Show what the terminal's encoding does not have as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _close_output() -> None:
    """Lead what is still buffered nowhere, or Python would fail on it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
