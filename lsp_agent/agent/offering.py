"""Tools as a model is told of them."""

from collections.abc import Iterable

from lsp_agent.models.port import ToolSpec
from mcp_tools.code.schemas import closed_schema
from mcp_tools.types.calls import Tool


def specs_of(tools: Iterable[Tool]) -> tuple[ToolSpec, ...]:
    """Give what a model needs to know of each tool, in their order."""
    return tuple(
        ToolSpec(
            name=tool.name,
            description=tool.description,
            input_schema=closed_schema(tool.input_model, mode="validation"),
        )
        for tool in tools
    )
