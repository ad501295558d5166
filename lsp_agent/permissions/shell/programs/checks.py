"""The checks that models of programs make, each with its risk and what it means."""

from enum import StrEnum
from pathlib import Path

from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.showing import one_line
from mcp_tools.types.calls import Risk


class Check(StrEnum):
    """Why a program with its words is more than reading the workspace."""

    UNKNOWN_OPTION = "unknown-option"
    """An option that the model does not list, or an abbreviation of one."""
    UNEXPECTED_OPERAND = "unexpected-operand"
    """A word where the model expects none: it may mean something else than it seems."""
    EXECUTING_FLAG = "executing-flag"
    """An option that runs another program."""
    WRITING_FLAG = "writing-flag"
    """An option that writes or changes a file, or another state of the machine."""
    NETWORK_FLAG = "network-flag"
    """An option that reaches the network."""
    WRITTEN_OPERAND = "written-operand"
    """A word that is a file which the program writes, or a state which it sets."""
    OUTSIDE_WORKSPACE = "outside-workspace"
    """A file outside of the workspace, its links followed."""
    SYSTEM_FILE = "system-file"
    """A file that comes with the system, such as a header; outside of the workspace."""
    SECRET_FILE = "secret-file"
    """A file whose name says that it holds credentials."""
    LISTED_FILES = "listed-files"
    """Options, names of files or a script are read from a file, so nobody sees them here."""
    FOLLOWED_LINKS = "followed-links"
    """Links in a folder are followed; they may lead out of the workspace."""
    NEVER_ENDS = "never-ends"
    """The program waits, or goes on, until it is stopped."""
    INNER_PROGRAM = "inner-program"
    """The program runs another one that has no model."""
    UNSEEN_OPERANDS = "unseen-operands"
    """Further words come from the standard input, and may name any file."""
    SCRIPT = "script"
    """A script in the program's own language does more than reading, or is not understood."""
    ENVIRONMENT = "environment"
    """Environment variables are shown; they may hold credentials."""
    PROCESSES = "processes"
    """The command lines of other programs are shown; they may hold credentials."""
    INTERPRETER = "interpreter"
    """The program runs code, and is asked for more than its version."""
    VERSION_MANAGER = "version-manager"
    """Which program runs is chosen by a file of the workspace."""
    GIT_COMMAND = "git-command"
    """A git command that changes the repository, or is not known to only read."""
    GIT_HELPERS = "git-helpers"
    """The configuration of the repository may have git run a program."""
    NETWORK = "network"
    """The command reaches the network."""


_MEDIUM = frozenset(
    {
        Check.UNKNOWN_OPTION,
        Check.UNEXPECTED_OPERAND,
        Check.SYSTEM_FILE,
        Check.LISTED_FILES,
        Check.FOLLOWED_LINKS,
        Check.NEVER_ENDS,
        Check.UNSEEN_OPERANDS,
        Check.ENVIRONMENT,
        Check.PROCESSES,
        Check.VERSION_MANAGER,
        Check.GIT_HELPERS,
    }
)


def risk_of(check: Check) -> Risk:
    """Give the risk of a check: HIGH unless it is listed as MEDIUM."""
    return Risk.MEDIUM if check in _MEDIUM else Risk.HIGH


def found(check: Check, detail: str, *paths: Path) -> Finding:
    """Make the finding of a check; what cannot be seen in `detail` is escaped."""
    return Finding(check=check, risk=risk_of(check), detail=one_line(detail), paths=paths)
