"""Taking changes back, and making them again, by what the journal has of them."""

import asyncio
from pathlib import Path

from lsp_agent.agent.events import Applied, ConflictFound, Outcome, TurnFinished, TurnStarted
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.attempts import until_it_fits
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Redo, Undo
from lsp_agent.models.port import Usage
from mcp_tools.types.journal import Actor, Entry, EntryKind, Origin
from mcp_tools.workspace.undo.history import select, select_redo
from mcp_tools.workspace.undo.outlook import Conflict
from mcp_tools.workspace.undo.undoing import UndoPlan, plan_undo

MAX_NAMED_PLACES = 5


async def take_back(
    engine: Engine, work: Undo | Redo, emit: Emit, *, session_id: str
) -> TurnFinished:
    """Undo or redo what the scope names; what was changed again since is left and named.

    Raises: NotFound if the scope names nothing; StaleEdit if nothing of it can be taken back;
        Conflict, Denied, JournalFailed; nothing has changed then.
    """
    emit(TurnStarted(title=_verb(work).capitalize(), model=""))
    async with engine.undoing:
        plan, entry = await until_it_fits(lambda: _apply(engine, work, session_id))
    if plan.changes.files:
        emit(Applied(proposal_id="", changes=plan.changes, entry_id=entry.id))
    for conflict in plan.conflicts:
        emit(
            ConflictFound(
                path=conflict.path, line_number=conflict.line_number, reason=conflict.reason
            )
        )
    return _finished(plan, engine.workspace.root)


def plan_of(engine: Engine, work: Undo | Redo) -> UndoPlan:
    """Give what an undo or a redo would do to the text of now; nothing is changed.

    Raises: NotFound if the scope names nothing; StaleEdit if nothing of it can be taken back;
        JournalFailed.
    """
    journal, workspace = engine.applier.journal, engine.workspace
    choose = select if isinstance(work, Undo) else select_redo
    targets = choose(journal.entries(), work.scope, workspace.root)
    snapshot = workspace.snapshot()
    return plan_undo(
        journal,
        workspace.root,
        snapshot.below_state,
        targets,
        read_entries=lambda folder: [entry.path for entry in snapshot.entries(folder)],
    )


async def _apply(engine: Engine, work: Undo | Redo, session_id: str) -> tuple[UndoPlan, Entry]:
    """Plan over the text of now and apply that; an empty plan is recorded all the same.

    Without a record, the next undo would mean the same change again.
    """
    plan = await asyncio.to_thread(plan_of, engine, work)
    origin = Origin(actor=Actor.USER, name=_verb(work), session_id=session_id)
    entry = await engine.applier.apply(plan.changes, origin, kind=plan.kind, targets=plan.targets)
    return plan, entry


def _finished(plan: UndoPlan, root: Path) -> TurnFinished:
    done = "undone" if plan.kind is EntryKind.UNDO else "redone"
    title = plan.label.partition(": ")[2]
    if not plan.conflicts:
        text = f"{done}: {title}" if plan.changes.files else f"{title}: was already {done}"
        return TurnFinished(outcome=Outcome.DONE, text=text, usage=Usage())
    places = [f"{_place(c, root)}: {c.reason}" for c in plan.conflicts[:MAX_NAMED_PLACES]]
    named = "; ".join(places)
    n_more = len(plan.conflicts) - MAX_NAMED_PLACES
    more = f"; and {n_more} more" if n_more > 0 else ""
    text = f"{done}: {title}, except for {named}{more}"
    return TurnFinished(outcome=Outcome.NOT_SOLVED, text=text, usage=Usage())


def _place(conflict: Conflict, root: Path) -> str:
    name = conflict.path.relative_to(root).as_posix()
    return name if conflict.line_number is None else f"{name}, line {conflict.line_number}"


def _verb(work: Undo | Redo) -> str:
    return "undo" if isinstance(work, Undo) else "redo"
