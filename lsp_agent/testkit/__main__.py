"""Serves a scripted model: `python -m lsp_agent.testkit --script S.json`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from lsp_agent.testkit.load import read_script
from lsp_agent.testkit.script_fields import ScriptError
from lsp_agent.testkit.server import ScriptedModel

SIGNALS = (signal.SIGINT, signal.SIGTERM)
EXIT_UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a script until SIGINT or SIGTERM; give the exit status.

    0 is an ordinary end; 2 means that the script, the port or a file could not be used.
    """
    options = _parser().parse_args(arguments)
    # A shell starts background programs with SIGINT ignored, so both are set, not just one.
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        _serve(options.script, options.log, options.port, options.port_file)
    except KeyboardInterrupt:
        return 0
    except (OSError, ScriptError) as error:
        sys.stderr.write(f"lsp_agent.testkit: {error}\n")
        return EXIT_UNUSABLE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lsp_agent.testkit",
        description="Serve a scripted model over the Anthropic Messages API, on loopback.",
    )
    parser.add_argument("--script", type=Path, required=True, help="JSON file with the turns")
    parser.add_argument("--port", type=int, default=0, help="TCP port; 0 takes a free one")
    parser.add_argument("--log", type=Path, help="JSON Lines file; lines are added to its end")
    parser.add_argument("--port-file", type=Path, help="file to write the port number to")
    return parser


def _serve(script: Path, log: Path | None, port: int, port_file: Path | None) -> None:
    with ScriptedModel(read_script(script), log, port=port) as model:
        if port_file:
            _write_at_once(port_file, f"{model.port}\n")
        sys.stdout.write(f"ANTHROPIC_BASE_URL={model.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


def _write_at_once(path: Path, text: str) -> None:
    # Whoever waits for the file to appear must never read half a number.
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
