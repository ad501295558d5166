"""Code actions: decisions on hunks, *Fix with agent* and its kin, all without any model."""

from collections.abc import Sequence

from lsprotocol import types as lsp

from lsp_agent.server.convert import message_text
from lsp_agent.server.registration import feature
from lsp_agent.server.review.actions import hunk_actions, wider_actions
from lsp_agent.server.review.port import Waiting
from lsp_agent.server.server import AgentServer

FIX_ALL_KIND = "source.fixAll.agent"
MAX_TITLE_CHARS = 72
OPTIONS = lsp.CodeActionOptions(
    code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL_KIND], resolve_provider=True
)


@feature(lsp.TEXT_DOCUMENT_CODE_ACTION, OPTIONS)
async def code_action(server: AgentServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Offer what makes sense at the cursor, the most useful first: decisions, then fixes."""
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    uri = params.text_document.uri
    here: list[Waiting] = []
    if _wants(only, lsp.CodeActionKind.QuickFix.value):
        found = await server.desk.review.waiting(uri)
        here = _offered([waiting.at(params.range) for waiting in found], params.context)
    return [
        *hunk_actions(here),
        *_diagnostic_actions(server, params, only),
        *wider_actions(here, can_preview=_can_preview(server)),
    ]


@feature(lsp.CODE_ACTION_RESOLVE)
def resolve(server: AgentServer, action: lsp.CodeAction) -> lsp.CodeAction:
    """Give the action back: it was complete, but editors resolve those without an edit too."""
    return action


def _diagnostic_actions(
    server: AgentServer, params: lsp.CodeActionParams, only: Sequence[str]
) -> list[lsp.CodeAction]:
    uri = params.text_document.uri
    if server.documents.get(uri) is None:
        return []
    known = server.desk.known_diagnostics(uri)
    here = list(params.context.diagnostics) or [d for d in known if _meet(d.range, params.range)]
    found: list[lsp.CodeAction] = []
    if _wants(only, lsp.CodeActionKind.QuickFix.value):
        found += [_fix(uri, diagnostic) for diagnostic in here]
        if len(known) > 1:
            found.append(_fix_all(uri, lsp.CodeActionKind.QuickFix.value, len(known)))
        found += [_explain(uri, diagnostic) for diagnostic in here]
    # Never for a client that just runs all of `source.fixAll` on save: it must be asked for.
    if known and any(kind in ("source", FIX_ALL_KIND) for kind in only):
        found.append(_fix_all(uri, FIX_ALL_KIND, len(known)))
    return found


def _offered(found: Sequence[Waiting], context: lsp.CodeActionContext) -> list[Waiting]:
    """Leave out proposals without a hunk at the cursor, unless a person asked for actions.

    Else an editor that asks at each move of the cursor would show a light bulb everywhere.
    """
    if context.trigger_kind is not lsp.CodeActionTriggerKind.Automatic:
        return list(found)
    return [w for w in found if w.is_page or any(not hunk.stale for hunk in w.hunks)]


def _can_preview(server: AgentServer) -> bool:
    abilities = server.connection.abilities
    return abilities.confirms_changes and abilities.can_apply_edits


def _fix(uri: str, diagnostic: lsp.Diagnostic) -> lsp.CodeAction:
    return lsp.CodeAction(
        title=f"Fix with agent: {_short(diagnostic)}",
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        command=_command("Fix with agent", "lspAgent.fix", uri, [diagnostic]),
    )


def _explain(uri: str, diagnostic: lsp.Diagnostic) -> lsp.CodeAction:
    return lsp.CodeAction(
        title=f"Explain with agent: {_short(diagnostic)}",
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        command=_command("Explain with agent", "lspAgent.explain", uri, [diagnostic]),
    )


def _fix_all(uri: str, kind: str, n_problems: int) -> lsp.CodeAction:
    return lsp.CodeAction(
        title=f"Fix all in file with agent ({n_problems})",
        kind=kind,
        command=_command("Fix all with agent", "lspAgent.fixAll", uri, []),
    )


def _command(title: str, name: str, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> lsp.Command:
    argument: dict[str, object] = {"uri": uri}
    if diagnostics:
        argument["diagnostics"] = list(diagnostics)
    return lsp.Command(title=title, command=name, arguments=[argument])


def _short(diagnostic: lsp.Diagnostic) -> str:
    line = message_text(diagnostic).split("\n")[0]
    return line if len(line) <= MAX_TITLE_CHARS else f"{line[: MAX_TITLE_CHARS - 1]}…"


def _meet(a: lsp.Range, b: lsp.Range) -> bool:
    return a.start <= b.end and b.start <= a.end


def _wants(only: Sequence[str], kind: str) -> bool:
    """Tell whether a client that asked for the kinds `only` wants this one."""
    return not only or any(kind == wanted or kind.startswith(f"{wanted}.") for wanted in only)
