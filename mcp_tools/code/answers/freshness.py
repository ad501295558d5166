"""How much of the code an answer knows, in words."""

from mcp_tools.types.codebase import IndexState

_MAX_NAMED = 3


def index_notes(state: IndexState) -> tuple[str, ...]:
    """Say what an answer may be missing; nothing if that is nothing."""
    notes: list[str] = []
    if not state.is_complete:
        notes.append(
            f"[the index is not complete: {state.n_indexed} of {state.n_files} files are known, "
            "so there may be more]"
        )
    if state.left_out:
        named = ", ".join(f"{item.file} ({item.reason})" for item in state.left_out[:_MAX_NAMED])
        n_more = len(state.left_out) - _MAX_NAMED
        more = f" and {n_more} more" if n_more > 0 else ""
        notes.append(f"[not looked into: {named}{more}]")
    return tuple(notes)
