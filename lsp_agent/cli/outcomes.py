"""From how a turn ended to the exit code."""

from collections.abc import Mapping

from lsp_agent.agent.events import Outcome
from lsp_agent.cli.exit_codes import ExitCode

EXIT_CODES: Mapping[Outcome, ExitCode] = {
    Outcome.DONE: ExitCode.DONE,
    Outcome.NOT_SOLVED: ExitCode.NOT_SOLVED,
    Outcome.FAILED: ExitCode.NOT_SOLVED,
    Outcome.DENIED: ExitCode.DENIED,
    Outcome.MODEL_UNAVAILABLE: ExitCode.MODEL_UNAVAILABLE,
    Outcome.CANCELLED: ExitCode.CANCELLED,
}
