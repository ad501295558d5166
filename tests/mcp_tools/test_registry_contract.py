"""What every tool promises to a model, whatever it does."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import cast

import pytest
from pydantic import ValidationError

from mcp_tools.code.arguments import names_of_fields
from mcp_tools.code.describing import describe
from mcp_tools.registry import discover
from mcp_tools.types.calls import Profile, Risk, Tool
from mcp_tools.types.json import JsonObject, JsonValue

TOOLS = {tool.name: tool for tool in discover()}
EVERY_TOOL = pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))

OBVIOUS = {
    *("path", "content", "source", "old_string", "new_string", "new_name", "replacement"),
    *("question", "text", "old", "new", "name", "message"),
}
"""Arguments whose value nobody has to be shown."""

PATH = ("file_path", "filePath", "relative_path", "relativePath", "absolute_path", "file")
SYMBOL = ("namePath", "name_path_pattern", "symbol", "symbol_name", "name")
ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "apply_patch": {"patch": ("input", "patch_text", "patchText", "diff")},
    "ask_user": {"question": ("prompt",), "choices": ("options",)},
    "call_hierarchy": {"name_path": SYMBOL, "path": PATH, "depth": ("max_depth", "maxDepth")},
    "definition": {"name_path": SYMBOL, "path": PATH},
    "edit_file": {
        "path": PATH,
        "old_string": ("oldString", "old_str", "oldText"),
        "new_string": ("newString", "new_str", "newText"),
        "replace_all": ("replaceAll",),
    },
    "find_symbol": {
        "name_path": (*SYMBOL, "query", "pattern"),
        "path": PATH,
        "include_body": ("includeBody",),
        "depth": ("max_depth",),
    },
    "glob": {"pattern": ("glob", "file_mask"), "path": ("directory", "relative_path", "dir_path")},
    "grep": {
        "pattern": ("regex", "query"),
        "path": (*PATH, "directory", "dir_path"),
        "glob": ("include", "includePattern"),
        "ignore_case": ("-i", "case_insensitive"),
        "context_lines": ("-C", "context"),
        "max_results": ("head_limit", "maxResults"),
        "output": ("output_mode",),
    },
    "insert_symbol": {"source": ("body",), "side": ("position",)},
    "list_dir": {"path": ("directory", "dirPath", "relative_path"), "depth": ("max_depth",)},
    "notebook_edit": {
        "path": ("notebook_path", "file_path"),
        "cell": ("cell_id", "cell_number"),
        "source": ("new_source",),
        "edit": ("edit_mode",),
    },
    "read_file": {"path": PATH, "start_line": ("offset", "startLine"), "end_line": ("endLine",)},
    "read_symbol": {"name_path": SYMBOL, "path": PATH},
    "references": {"name_path": SYMBOL, "path": PATH},
    "rename_symbol": {"name_path": SYMBOL, "path": PATH, "new_name": ("newName",)},
    "replace_in_files": {"pattern": ("search", "find"), "regex": ("is_regex", "isRegexp")},
    "replace_symbol": {"name_path": SYMBOL, "path": PATH, "source": ("body", "new_body")},
    "symbol_overview": {"path": PATH, "depth": ("max_depth",)},
    "todo_write": {"todos": ("plan",)},
    "write_file": {"path": PATH, "content": ("contents", "file_text")},
}
"""Names that other tools have for arguments, by tool and by the name that ours has."""


def input_schema(tool: Tool) -> JsonObject:
    return cast(JsonObject, describe(tool)["input_schema"])


def parts(schema: JsonValue, name: str = "") -> Iterator[tuple[str, JsonObject]]:
    """Give a schema and those within it, with their names."""
    if not isinstance(schema, dict):
        return
    yield name, schema
    for key, value in cast(JsonObject, schema.get("properties", {})).items():
        yield from parts(value, f"{name}.{key}" if name else key)
    if "items" in schema:
        yield from parts(schema["items"], f"{name}[]")
    for value in cast(list[JsonValue], schema.get("anyOf", [])):
        yield from parts(value, name)


def unbounded(schema: JsonObject) -> list[str]:
    """Give what a schema should say about how large its values may be."""
    needed = {
        "string": ["maxLength"] if "enum" not in schema and "const" not in schema else [],
        "array": ["maxItems"],
        "integer": ["minimum", "maximum"],
        "number": ["minimum", "maximum"],
    }
    return [word for word in needed.get(str(schema.get("type")), []) if word not in schema]


@EVERY_TOOL
def test_arguments_are_closed_bounded_and_described(tool: Tool) -> None:
    for name, schema in parts(input_schema(tool)):
        assert unbounded(schema) == [], name
        assert schema.get("type") != "null", name
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, name
            for key, value in cast(JsonObject, schema["properties"]).items():
                assert isinstance(value, dict)
                assert value.get("description"), f"{name}.{key}"


@EVERY_TOOL
def test_a_value_that_is_not_obvious_has_an_example(tool: Tool) -> None:
    schema = input_schema(tool)
    for name in cast(list[str], schema.get("required", [])):
        field = cast(JsonObject, cast(JsonObject, schema["properties"])[name])
        if field.get("type") == "string" and "enum" not in field and name not in OBVIOUS:
            assert "examples" in field or "`" in str(field["description"]), name


@EVERY_TOOL
def test_examples_are_taken(tool: Tool) -> None:
    schema = input_schema(tool)
    for name, field in cast(JsonObject, schema["properties"]).items():
        for example in cast(list[JsonValue], cast(JsonObject, field).get("examples", [])):
            assert name not in wrong_fields(tool, {name: example}), example


def wrong_fields(tool: Tool, arguments: JsonObject) -> set[str]:
    """Give the arguments that are refused, those that are missing left out."""
    try:
        tool.input_model.model_validate(arguments)
    except ValidationError as error:
        found = [each for each in error.errors() if each["type"] != "missing"]
        return {str(each["loc"][0]) for each in found if each["loc"]}
    return set()


@EVERY_TOOL
def test_a_null_is_taken_for_what_was_left_out(tool: Tool) -> None:
    schema = input_schema(tool)
    required = cast(list[str], schema.get("required", []))
    optional = [n for n in cast(JsonObject, schema["properties"]) if n not in required]
    assert wrong_fields(tool, dict.fromkeys(optional)) == set()
    assert wrong_fields(tool, {"no_such_argument": None}) == {"no_such_argument"}


@EVERY_TOOL
def test_a_tool_says_what_it_is_in_few_words(tool: Tool) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z -]{3,39}", tool.title)
    assert 80 <= len(tool.description) <= 480
    assert tool.description.endswith(".")
    words = re.compile(r"\b[a-z]+_[a-z_]+\b")
    known = {*TOOLS, *words.findall(json.dumps(input_schema(tool)))}
    assert set(words.findall(tool.description)) <= known


@EVERY_TOOL
def test_what_a_tool_says_of_its_effects_fits_together(tool: Tool) -> None:
    assert Profile.FULL not in tool.profiles
    assert len(set(tool.profiles)) == len(tool.profiles)
    if Profile.READ in tool.profiles:
        assert tool.is_read_only
    if not tool.is_read_only and tool.risk is Risk.MEDIUM:
        assert not tool.is_concurrency_safe
    assert 1 <= tool.timeout_s <= 4000
    assert 1000 <= tool.max_text_chars <= 100_000
    assert describe(tool)["output_schema"]


@pytest.mark.parametrize("name", ALIASES)
def test_names_that_models_know_from_elsewhere_are_taken(name: str) -> None:
    known = names_of_fields(TOOLS[name].input_model)
    for field, aliases in ALIASES[name].items():
        for alias in aliases:
            assert known.get(alias) == field, alias


def test_definitions_have_the_same_order_and_bytes_in_each_process() -> None:
    code = (
        "import json; from mcp_tools.code.describing import describe;"
        "from mcp_tools.registry import discover;"
        "print(json.dumps([describe(tool) for tool in discover()]))"
    )
    printed: set[str] = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            check=True,
            timeout=30,
        )
        printed.add(run.stdout.decode("utf-8"))
    assert len(printed) == 1
    assert json.loads(printed.pop()) == [describe(tool) for tool in discover()]
    assert list(TOOLS) == sorted(TOOLS)
