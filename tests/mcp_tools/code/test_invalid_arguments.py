"""Words for a caller whose arguments cannot be meant."""

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from mcp_tools.code.invalid_arguments import explain_arguments, explain_unknown_tool


class Inner(BaseModel):
    """A part of an argument."""

    model_config = ConfigDict(extra="forbid")
    old: str = ""


class Input(BaseModel):
    """Some arguments."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)
    path: str = Field(
        description="The file", validation_alias=AliasChoices("path", "file_path"), max_length=100
    )
    limit: int = Field(default=1, ge=1)
    edits: list[Inner] = Field(default_factory=list[Inner])


class Nothing(BaseModel):
    """No arguments."""

    model_config = ConfigDict(extra="forbid")


def explained(arguments: object, model: type[BaseModel] = Input) -> str:
    """Give what is said of arguments."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(arguments)
    text = explain_arguments("it", model, caught.value)
    prefix = "the arguments of it are not valid: "
    assert text.startswith(prefix)
    return text.removeprefix(prefix)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "path: Field required (The file)"),
        ({"path": None}, "path: Input should be a valid string, got null"),
        ({"path": ["a"]}, "path: Input should be a valid string, got a list"),
        ({"path": {"a": 1}}, "path: Input should be a valid string"),
        ({"path": "a", "limit": 0}, "limit: Input should be greater than or equal to 1, got 0"),
        (
            {"path": "a", "limt": 1},
            "limt: there is no such argument (did you mean limit?); expected only path, limit, "
            "edits",
        ),
        (
            {"path": "a", "edits": [{"old": "a", "new": "b"}]},
            "edits.0.new: there is no such field",
        ),
        (
            {"path": "x" * 200},
            f"path: String should have at most 100 characters, got '{'x' * 60}' and 140 more",
        ),
    ],
)
def test_each_problem_names_its_field_and_what_was_expected(
    arguments: dict[str, object], expected: str
) -> None:
    assert explained(arguments) == expected


def test_what_cannot_be_seen_is_escaped() -> None:
    assert explained({"path": "a", "limit": "\u202e1\n"}).endswith("got '\\u202e1\\n'")


def test_many_problems_are_counted() -> None:
    names = {f"n{i}": 1 for i in range(20)}
    text = explained({"path": "a", **names})
    assert text.endswith("; and 15 more")
    assert text.count("there is no such argument") == 5


def test_a_huge_name_is_cut() -> None:
    assert len(explained({"path": "a", "x" * 1_000_000: 1})) < 300


def test_a_tool_without_arguments_says_so() -> None:
    assert explained({"a": 1}, Nothing) == (
        "a: there is no such argument; expected no arguments at all"
    )


def test_an_unknown_tool_is_told_with_the_nearest() -> None:
    names = ["read_file", "grep"]
    assert explain_unknown_tool("readfile", names) == (
        "there is no tool 'readfile' (did you mean read_file?); the tools are: grep, read_file"
    )
    assert explain_unknown_tool("zzz", names).startswith("there is no tool 'zzz'; the tools are")
    assert len(explain_unknown_tool("x" * 1_000_000, names)) < 200
