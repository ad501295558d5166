"""What became of an edit has a place in its data, too."""

import pytest

from mcp_tools.code.arguments import names_of_fields
from mcp_tools.code.describing import OUTCOME, describe
from mcp_tools.registry import discover
from mcp_tools.types.calls import Tool


@pytest.mark.parametrize("tool", discover(), ids=lambda tool: tool.name)
def test_the_data_of_an_edit_has_room_for_what_became_of_it(tool: Tool) -> None:
    schema = describe(tool)["output_schema"]
    assert isinstance(schema, dict)
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert (OUTCOME in properties) is not tool.is_read_only
    assert OUTCOME not in names_of_fields(tool.output_model)
