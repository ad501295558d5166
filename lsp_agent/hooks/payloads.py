"""What a hook is told of an event, by the shape of its `payload`."""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSeen:
    """A session begins, ends or goes on."""

    client: str
    """Who works in it: the agent of our own, or the name of an MCP client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptGiven:
    """A task of the person, or what the model will be told of it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAsked:
    """A request to a model."""

    model: str
    n_messages: int
    n_tools: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswered:
    """A whole answer of a model."""

    model: str
    text: str
    tools: tuple[str, ...]
    """The names of the tools that it calls."""
    stop_reason: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolWanted:
    """A call of a tool that is about to be made."""

    tool: str
    call_id: str
    arguments: dict[str, Any]
    """As the caller wrote them; they are checked after the hooks."""

    @property
    def line(self) -> str:
        """The shell line that it would run; empty for a tool that runs none."""
        line = self.arguments.get("command")
        return line if isinstance(line, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolEnded:
    """A call of a tool that was made, or was refused."""

    tool: str
    call_id: str
    arguments: dict[str, Any]
    outcome: str
    """`done`, `failed` or `denied`."""
    text: str
    """What it gave; only its start, if it is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionAsked:
    """A question that a person is about to be asked."""

    call_id: str
    question: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionDecided:
    """A ruling on a call, or on the edit that it computed."""

    tool: str
    call_id: str
    about: str
    """`call` or `edit`."""
    verdict: str
    """`allow`, `hold` or `deny`."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSeen:
    """A change of files."""

    tool: str
    """What computed it; empty for a change that a person decided on."""
    label: str
    paths: tuple[str, ...]
    """From the root, with `/`; empty where that is not known any more."""
    proposal_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandStarted:
    """A command that is about to run."""

    line: str
    argv: tuple[str, ...]
    cwd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnded:
    """A command that has ended."""

    line: str
    argv: tuple[str, ...]
    cwd: str
    exit_code: int
    """The negative number of the signal that ended it."""
    output: str
    """Only its end, if it is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactionSeen:
    """A conversation is made shorter."""

    n_messages: int
    n_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubagentSeen:
    """An agent that works for another one."""

    name: str
    task: str
    outcome: str = ""
    """Empty at its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkEnded:
    """A piece of work that is over."""

    outcome: str
    """`done`, `not_solved`, `denied`, `model_unavailable`, `cancelled` or `failed`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """Something that the person should know."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Idled:
    """Nobody has asked for anything."""

    seconds: float


Payload: TypeAlias = (
    SessionSeen
    | PromptGiven
    | ModelAsked
    | ModelAnswered
    | ToolWanted
    | ToolEnded
    | PermissionAsked
    | PermissionDecided
    | EditSeen
    | CommandStarted
    | CommandEnded
    | CompactionSeen
    | SubagentSeen
    | WorkEnded
    | Notified
    | Idled
)
