"""The files that a tool's change would make."""

from mcp_tools.types.calls import Answer
from mcp_tools.workspace.changes import states_after
from tests.mcp_tools.tools.asking import Asker


def texts_after(asker: Asker, answer: Answer) -> dict[str, str | None]:
    """Give the text of each file that changes, None for one that goes."""
    assert answer.changes is not None
    snapshot = asker.workspace.snapshot()
    found: dict[str, str | None] = {}
    for path, state in states_after(answer.changes, snapshot.state).items():
        content = None if state is None else state.content
        assert content is None or isinstance(content, str)
        found[path.relative_to(snapshot.root).as_posix()] = content
    return found
