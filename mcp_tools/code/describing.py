"""A tool as the protocols describe it."""

from mcp_tools.code.schemas import closed_schema
from mcp_tools.types.calls import Tool
from mcp_tools.types.json import JsonObject

OUTCOME = "outcome"
"""In the data of an edit, beside the fields of the tool's own: what became of it."""
_OUTCOME_SCHEMA: JsonObject = {
    "type": "string",
    "description": "Whether the change is held for review or written, and how to go on",
}


def describe(tool: Tool) -> JsonObject:
    """Give a tool as plain JSON, in the words of the Model Context Protocol.

    The schemas are closed and have no references where that is possible; the same tool always
    gives the same JSON.
    Source: MCP 2025-11-25, Tool and ToolAnnotations.
    """
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "input_schema": closed_schema(tool.input_model, mode="validation"),
        "output_schema": _output_schema(tool),
        "annotations": {
            "title": tool.title,
            "readOnlyHint": tool.is_read_only,
            "destructiveHint": not tool.is_read_only,
            "idempotentHint": tool.is_idempotent,
            "openWorldHint": tool.is_open_world,
        },
        "risk": tool.risk.value,
    }


def _output_schema(tool: Tool) -> JsonObject:
    """Give the schema of a tool's data; with an edit comes what became of it."""
    schema = closed_schema(tool.output_model, mode="serialization")
    if tool.is_read_only:
        return schema
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    return {**schema, "properties": {**properties, OUTCOME: _OUTCOME_SCHEMA}}
