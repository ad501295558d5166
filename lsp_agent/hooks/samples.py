"""An example of each payload, to try hooks with."""

from collections.abc import Mapping

from lsp_agent.hooks.events import EVENTS, HookEvent
from lsp_agent.hooks.payloads import (
    CommandEnded,
    CommandStarted,
    CompactionSeen,
    EditSeen,
    Idled,
    ModelAnswered,
    ModelAsked,
    Notified,
    Payload,
    PermissionAsked,
    PermissionDecided,
    PromptGiven,
    SessionSeen,
    SubagentSeen,
    ToolEnded,
    ToolWanted,
    WorkEnded,
)

_ARGUMENTS = {"command": "echo hello"}
_LINE = "echo hello"
_ARGV = ("/bin/bash", "--noprofile", "--norc", "-c", _LINE)

_SAMPLES: tuple[Payload, ...] = (
    SessionSeen(client="lsp-agent"),
    PromptGiven(text="Mend the failing test"),
    ModelAsked(model="a-model", n_messages=3, n_tools=40),
    ModelAnswered(
        model="a-model",
        text="Done.",
        tools=("shell",),
        stop_reason="tool_use",
        input_tokens=1000,
        output_tokens=20,
    ),
    ToolWanted(tool="shell", call_id="sample", arguments=_ARGUMENTS),
    ToolEnded(tool="shell", call_id="sample", arguments=_ARGUMENTS, outcome="done", text="hello\n"),
    PermissionAsked(call_id="sample", question="Allow shell?", detail=_LINE),
    PermissionDecided(
        tool="shell", call_id="sample", about="call", verdict="allow", reason="a rule allows it"
    ),
    EditSeen(tool="edit_file", label="Edit main.py", paths=("main.py",)),
    CommandStarted(line=_LINE, argv=_ARGV, cwd="/projects/sample"),
    CommandEnded(line=_LINE, argv=_ARGV, cwd="/projects/sample", exit_code=0, output="hello\n"),
    CompactionSeen(n_messages=80, n_tokens=120_000),
    SubagentSeen(name="searcher", task="Find the tests of the parser"),
    WorkEnded(outcome="done", text="Done."),
    Notified(message="the proposal does not outlive this program"),
    Idled(seconds=600.0),
)

_BY_TYPE: Mapping[type, Payload] = {type(sample): sample for sample in _SAMPLES}


def sample_of(event: HookEvent) -> Payload:
    """Give what a hook might be told of an event."""
    return _BY_TYPE[EVENTS[event].payload]
