"""The events that hooks are for, in one table: when each comes, and what a hook may do then."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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


class HookEvent(StrEnum):
    """Something that happens; `EVENTS` says more about each."""

    SESSION_START = "session_start"
    SESSION_END = "session_end"
    SESSION_RESUME = "session_resume"
    USER_PROMPT = "user_prompt"
    CONTEXT_BUILT = "context_built"
    BEFORE_MODEL_CALL = "before_model_call"
    AFTER_MODEL_CALL = "after_model_call"
    BEFORE_TOOL = "before_tool"
    AFTER_TOOL = "after_tool"
    TOOL_FAILED = "tool_failed"
    PERMISSION_ASKED = "permission_asked"
    PERMISSION_DECIDED = "permission_decided"
    EDIT_PROPOSED = "edit_proposed"
    EDIT_APPLIED = "edit_applied"
    EDIT_REJECTED = "edit_rejected"
    COMMAND_STARTED = "command_started"
    COMMAND_ENDED = "command_ended"
    BEFORE_COMPACTION = "before_compaction"
    AFTER_COMPACTION = "after_compaction"
    SUBAGENT_START = "subagent_start"
    SUBAGENT_END = "subagent_end"
    TASK_DONE = "task_done"
    NOTIFICATION = "notification"
    IDLE = "idle"
    ERROR = "error"
    STOP = "stop"


class May(StrEnum):
    """What a hook may do at an event, beside watching."""

    DENY = "deny"
    """It does not happen."""
    ASK = "ask"
    """It happens only if a person says yes, even where a rule would allow it."""
    CHANGE = "change"
    """Its input is another one, which is checked and judged as if the caller had written it."""
    CONTEXT = "context"
    """The model is told something more, marked as what a hook says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """What is to be known about an event."""

    when: str
    """One sentence for a person."""
    payload: type[Payload]
    may: frozenset[May]
    fired_in: str
    """The module that fires it; empty if this version never does."""

    @property
    def is_fired(self) -> bool:
        """Tell whether it can happen in this version."""
        return bool(self.fired_in)


NOT_FIRED = ""
_WORK = "lsp_agent.engine.hooking.work"
_TOOLS = "lsp_agent.engine.hooking.tools"
_MODELS = "lsp_agent.engine.hooking.models"
_COMMANDS = "lsp_agent.engine.hooking.commands"

_WATCH = frozenset[May]()
_TELL = frozenset({May.CONTEXT})
_DENY = frozenset({May.DENY})
_GUARD = frozenset({May.DENY, May.ASK})


def _spec(when: str, payload: type[Payload], may: frozenset[May], fired_in: str) -> EventSpec:
    return EventSpec(when=when, payload=payload, may=may, fired_in=fired_in)


EVENTS: Mapping[HookEvent, EventSpec] = {
    HookEvent.SESSION_START: _spec(
        "A session does its first piece of work, or an MCP client makes its first call.",
        SessionSeen,
        _TELL,
        _WORK,
    ),
    HookEvent.SESSION_END: _spec(
        "A session is closed, or an MCP client has left.", SessionSeen, _WATCH, _WORK
    ),
    HookEvent.SESSION_RESUME: _spec("An earlier session goes on.", SessionSeen, _TELL, NOT_FIRED),
    HookEvent.USER_PROMPT: _spec(
        "A person has given a task, before anything is made of it.",
        PromptGiven,
        frozenset({May.DENY, May.CHANGE, May.CONTEXT}),
        _WORK,
    ),
    HookEvent.CONTEXT_BUILT: _spec(
        "What the model will be told of a task is put together.", PromptGiven, _TELL, _WORK
    ),
    HookEvent.BEFORE_MODEL_CALL: _spec(
        "A request is about to go to the model.", ModelAsked, _DENY, _MODELS
    ),
    HookEvent.AFTER_MODEL_CALL: _spec("The model has answered.", ModelAnswered, _WATCH, _MODELS),
    HookEvent.BEFORE_TOOL: _spec(
        "A tool is about to be called, by our own agent or an MCP client.",
        ToolWanted,
        frozenset({May.DENY, May.ASK, May.CHANGE, May.CONTEXT}),
        _TOOLS,
    ),
    HookEvent.AFTER_TOOL: _spec("A call of a tool has ended well.", ToolEnded, _TELL, _TOOLS),
    HookEvent.TOOL_FAILED: _spec(
        "A call of a tool has failed, or was refused.", ToolEnded, _TELL, _TOOLS
    ),
    HookEvent.PERMISSION_ASKED: _spec(
        "A person is about to be asked whether something may happen.",
        PermissionAsked,
        _DENY,
        _TOOLS,
    ),
    HookEvent.PERMISSION_DECIDED: _spec(
        "It was decided whether a call, or its edit, may happen.",
        PermissionDecided,
        _WATCH,
        _TOOLS,
    ),
    HookEvent.EDIT_PROPOSED: _spec(
        "A tool has computed an edit, which is about to be held for review or made.",
        EditSeen,
        _GUARD,
        _TOOLS,
    ),
    HookEvent.EDIT_APPLIED: _spec(
        "A change was made: an edit, an accepted proposal, an undo or a redo.",
        EditSeen,
        _WATCH,
        _WORK,
    ),
    HookEvent.EDIT_REJECTED: _spec(
        "A person has rejected a proposal, or a part of it.", EditSeen, _WATCH, _WORK
    ),
    HookEvent.COMMAND_STARTED: _spec(
        "A command is about to run, for a tool or for a person.",
        CommandStarted,
        _DENY,
        _COMMANDS,
    ),
    HookEvent.COMMAND_ENDED: _spec("A command has ended.", CommandEnded, _WATCH, _COMMANDS),
    HookEvent.BEFORE_COMPACTION: _spec(
        "A conversation is about to be made shorter.", CompactionSeen, _TELL, NOT_FIRED
    ),
    HookEvent.AFTER_COMPACTION: _spec(
        "A conversation was made shorter.", CompactionSeen, _TELL, NOT_FIRED
    ),
    HookEvent.SUBAGENT_START: _spec(
        "An agent is about to let another one work for it.", SubagentSeen, _DENY, NOT_FIRED
    ),
    HookEvent.SUBAGENT_END: _spec(
        "An agent that works for another one has ended.", SubagentSeen, _TELL, NOT_FIRED
    ),
    HookEvent.TASK_DONE: _spec(
        "A piece of work was done as it was wanted.", WorkEnded, _WATCH, _WORK
    ),
    HookEvent.NOTIFICATION: _spec(
        "A person is told that something went differently than hoped.",
        Notified,
        _WATCH,
        _WORK,
    ),
    HookEvent.IDLE: _spec("Nobody has asked for anything.", Idled, _WATCH, NOT_FIRED),
    HookEvent.ERROR: _spec(
        "A piece of work has failed: there was no model, or a fault of our own.",
        WorkEnded,
        _WATCH,
        _WORK,
    ),
    HookEvent.STOP: _spec("A piece of work is over, however it ended.", WorkEnded, _WATCH, _WORK),
}
"""Every event."""
