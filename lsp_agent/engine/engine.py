"""What all sessions over one workspace share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lsp_agent.engine.undo import UndoStack
from lsp_agent.models.port import Model
from mcp_tools.ports import Sink
from mcp_tools.types.calls import Programs, Tool
from mcp_tools.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The parts that a session works with, put together by the composition root."""

    workspace: Workspace
    tools: Sequence[Tool]
    programs: Programs
    sink: Sink
    """Where accepted proposals go."""
    make_model: Callable[[], Model]
    """Gives the configured model, or raises ModelError; called when a task needs it."""
    max_steps: int
    approval_timeout_s: float
    undo: UndoStack = field(default_factory=UndoStack)
