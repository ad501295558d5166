"""Schemas as models see them."""

from enum import StrEnum

from pydantic import BaseModel, Field

from mcp_tools.code.answers.subject import AnswerInput
from mcp_tools.code.arguments import FilePath, ToolInput, ToolOutput
from mcp_tools.code.schemas import closed_schema


class _Part(ToolInput):
    """A part."""

    title: str = Field(default="title", description="What it is called")


class _Whole(ToolInput):
    """A whole."""

    path: FilePath
    part: _Part = Field(description="The main one")
    parts: tuple[_Part, ...] = ()


class _Tree(BaseModel):
    """A tree."""

    children: "list[_Tree]"


class Kind(StrEnum):
    """Kinds of things."""

    A = "a"


class _Answer(ToolOutput):
    """An answer."""

    kind: Kind | None = Field(description="Which kind")


def test_definitions_stand_where_they_are_used() -> None:
    schema = closed_schema(_Whole, mode="validation")
    assert "$defs" not in schema
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert properties["part"] == {
        "additionalProperties": False,
        "description": "The main one",
        "properties": {
            "title": {"default": "title", "description": "What it is called", "type": "string"}
        },
        "type": "object",
    }


def test_a_schema_is_closed_and_shows_only_the_main_name() -> None:
    schema = closed_schema(_Whole, mode="validation")
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["path", "part"]
    assert "file_path" not in str(schema)
    assert "'title': 'Path'" not in str(schema)


def test_a_model_that_contains_itself_keeps_its_references() -> None:
    schema = closed_schema(_Tree, mode="validation")
    assert "#/$defs/_Tree" in str(schema)
    assert "$defs" in schema


class _Optional(AnswerInput):
    """Arguments, some of which may be left out."""

    kind: Kind | None = Field(default=None, description="Which kind")
    name: str = Field(description="The name")


def test_what_is_required_comes_first_and_null_is_not_told() -> None:
    schema = closed_schema(_Optional, mode="validation")
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == ["name", "kind", "max_tokens", "cursor"]
    assert properties["kind"] == {"enum": ["a"], "type": "string", "description": "Which kind"}


def test_an_answer_says_where_it_may_be_null() -> None:
    schema = closed_schema(_Answer, mode="serialization")
    assert "null" in str(schema)
