"""Making quick fixes that were offered."""

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from mcp_tools.code.arguments import FilePath, ToolInput
from mcp_tools.code.changing import ChangedFile, rewritten
from mcp_tools.code.diagnostics.actions import CodeAction, actions_of, check_is_current, edits_of
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.workspace.diffs import apply_edits


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class ApplyCodeActionInput(ToolInput):
    """Which quick fixes of which file."""

    path: FilePath
    ids: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40)], ...],
        Field(
            min_length=1,
            max_length=100,
            description="Ids as code_actions gives them; all are made as one change",
            validation_alias=AliasChoices("ids", "id", "action_id", "action", "actions"),
        ),
        BeforeValidator(_as_list),
    ]


async def apply_code_action(context: ToolContext, arguments: ApplyCodeActionInput) -> Answer:
    """Answer with the edits of quick fixes; the file need not be read before.

    Raises: StaleEdit if the text moved on since they were offered; NotFound, InvalidEdit, NotText,
        OutsideWorkspace, ProgramFailed.
    """
    document = await context.read(context.resolve(arguments.path))
    check_is_current(document, arguments.ids)
    actions = await _actions(context, document, Depth.QUICK)
    if not {action.id for action in actions}.issuperset(arguments.ids):
        actions = await _actions(context, document, Depth.DEEP)
    text = apply_edits(document.text, edits_of(actions, arguments.ids))
    return await rewritten(context, document, text)


async def _actions(
    context: ToolContext, document: Document, depth: Depth
) -> tuple[CodeAction, ...]:
    found = await diagnose(document, context.programs, root=context.root, depth=depth)
    return actions_of(document, found)


TOOL = Tool(
    name="apply_code_action",
    title="Apply quick fixes",
    description=(
        "Make one or more quick fixes of a file that code_actions listed, as one change. "
        "Refused when the text changed since then. Returns the change as a diff."
    ),
    input_model=ApplyCodeActionInput,
    output_model=ChangedFile,
    run=apply_code_action,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
)
