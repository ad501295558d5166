"""Starting what an entry names, as its client would, and asking for the tools."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mcp_tools.types.calls import Programs
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.json import JsonObject
from mcp_tools.types.programs import Command

REVISION = "2025-11-25"
TIMEOUT_S = 15.0
_LISTING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a server has answered."""

    version: str
    n_tools: int


async def probe(programs: Programs, argv: Sequence[str], folder: Path) -> Found:
    """Start a server over stdio in a folder, list its tools, and let it end.

    Raises: ProgramFailed, saying what is wrong, also when it takes too long.
    """
    lines = "".join(f"{json.dumps(message)}\n" for message in _messages())
    # The port starts programs by their names alone, and an entry has a path; nothing is parsed.
    start = ("sh", "-c", 'exec "$@"', "sh", *argv)
    command = Command(argv=start, cwd=folder, stdin=lines, timeout_s=TIMEOUT_S)
    completed = await programs.run(command)
    answers = {answer.get("id"): answer.get("result") for answer in _answers(completed.stdout)}
    version = _version(answers.get(1))
    tools = _field(answers.get(_LISTING), "tools")
    if version is None or not isinstance(tools, list):
        said = completed.stderr.strip().split("\n")[-1][:200]
        raise ProgramFailed(
            f"it does not serve its tools: it ended with {completed.exit_code}"
            f"{': ' if said else ''}{said}"
        )
    return Found(version=version, n_tools=len(cast(list[object], tools)))


def _messages() -> Sequence[JsonObject]:
    client: JsonObject = {"name": "lsp-agent doctor", "version": "1"}
    parameters: JsonObject = {
        "protocolVersion": REVISION,
        "capabilities": {},
        "clientInfo": client,
    }
    return (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": _LISTING, "method": "tools/list", "params": {}},
    )


def _answers(text: str) -> Iterator[dict[str, object]]:
    for line in text.splitlines():
        try:
            answer: object = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(answer, dict):
            yield cast(dict[str, object], answer)


def _version(result: object) -> str | None:
    version = _field(_field(result, "serverInfo"), "version")
    return version if isinstance(version, str) else None


def _field(value: object, name: str) -> object:
    return cast(dict[str, object], value).get(name) if isinstance(value, dict) else None
