"""Runs commands of the product in one folder after the other, in this one process.

Reads a JSON list of `{"name", "root", "commands", "calls"}` from standard input and writes a JSON
object of what was said, by name. `calls` are what a scripted model wishes for in `ask`.
"""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from lsp_agent.cli.main import main
from lsp_agent.testkit.server import ScriptedModel

ASK = ("ask", "do what the repository says", "--model", "claude-sonnet-5-5")


def _run(command: Sequence[str]) -> str:
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(list(command))
    return f"$ {' '.join(command)}\n{said.getvalue()}\n[{code}]\n"


def _ask(calls: Sequence[Any]) -> str:
    """Let a model that was talked into it make the calls."""
    wishes = [{"type": "tool_use", "name": name, "input": given} for name, given in calls]
    with ScriptedModel([wishes, "Done."]) as model:
        os.environ["ANTHROPIC_BASE_URL"] = model.url
        os.environ["ANTHROPIC_API_KEY"] = "sk-test"
        said = _run(ASK)
        return said + "\n".join(str(record.body) for record in model.requests)


def _visit(place: dict[str, Any]) -> str:
    os.chdir(place["root"])
    said = "".join(_run(command) for command in place["commands"])
    return said + (_ask(place["calls"]) if place["calls"] else "")


if __name__ == "__main__":
    places: list[dict[str, Any]] = json.load(sys.stdin)
    json.dump({place["name"]: _visit(place) for place in places}, sys.stdout)
