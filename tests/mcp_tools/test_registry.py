"""Finding and describing tools."""

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mcp_tools.code.describing import describe
from mcp_tools.registry import (
    BrokenTool,
    Discovered,
    discover,
    discover_installed,
)

TOOL_MODULE = """
from pydantic import BaseModel
from mcp_tools.types.calls import Answer, Tool, ToolContext

class Nothing(BaseModel):
    pass

async def run(context: ToolContext, arguments: Nothing) -> Answer:
    return Answer(text="hello", data=Nothing())

TOOL = Tool(
    name="{name}", title="T", description="D", input_model=Nothing, output_model=Nothing, run=run
)
"""


def package_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, files: dict[str, str]
) -> ModuleType:
    package = folder / name
    package.mkdir()
    for file, text in {"__init__.py": "", **files}.items():
        (package / file).write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return importlib.import_module(name)


def test_a_tool_is_found_because_its_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{name}.py": TOOL_MODULE.format(name=name) for name in ("say_hello", "ask_name")}
    package = package_with(tmp_path, monkeypatch, "found_tools", files)
    assert [tool.name for tool in discover(package)] == ["ask_name", "say_hello"]


@pytest.mark.parametrize(
    ("package_name", "text", "message"),
    [
        ("toolless_tools", "X = 1\n", r"toolless_tools.say_hello to end in TOOL = Tool\(...\)"),
        ("misnamed_tools", TOOL_MODULE.format(name="other"), "'say_hello', got 'other'"),
    ],
)
def test_a_file_without_its_tool_is_an_error_that_names_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    package_name: str,
    text: str,
    message: str,
) -> None:
    package = package_with(tmp_path, monkeypatch, package_name, {"say_hello.py": text})
    with pytest.raises(BrokenTool, match=message):
        discover(package)


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, names: list[str]) -> None:
    lines = [f"{name} = {module}:TOOL" for name in names]
    metadata = folder / f"{module}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Name: {module}\nVersion: 1.0\n", encoding="utf-8")
    points = "\n".join(["[lsp_agent.tools]", *lines, ""])
    (metadata / "entry_points.txt").write_text(points, encoding="utf-8")
    (folder / f"{module}.py").write_text(TOOL_MODULE.format(name=names[0]), encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])


def test_tools_of_other_distributions_are_found_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "third_party_tool", ["wave_back"])
    assert "wave_back" in [tool.name for tool in discover_installed()]
    assert "wave_back" not in [tool.name for tool in discover()]


def test_an_installed_tool_under_a_wrong_name_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "wrong_third_party", ["wave_back", "alias"])
    with pytest.raises(BrokenTool, match="the entry point 'alias'"):
        discover_installed()


def test_every_tool_is_described_for_a_model() -> None:
    for tool in discover():
        described = describe(tool)
        assert json.loads(json.dumps(described)) == described
        schema = described["input_schema"]
        assert isinstance(schema, dict)
        assert schema["additionalProperties"] is False
        assert "$ref" not in json.dumps(described)
        properties = schema["properties"]
        assert isinstance(properties, dict)
        undescribed = [n for n, p in properties.items() if "description" not in str(p)]
        assert undescribed == [], tool.name
        assert 80 <= len(tool.description) <= 600, tool.name


def test_descriptions_are_the_same_each_time() -> None:
    assert [describe(tool) for tool in discover()] == [describe(tool) for tool in discover()]


def test_hints_tell_readers_from_writers() -> None:
    hints = {tool.name: describe(tool)["annotations"] for tool in discover()}
    assert hints["edit_file"] == {
        "title": "Edit a file",
        "readOnlyHint": False,
        "destructiveHint": True,
        "idempotentHint": False,
        "openWorldHint": False,
    }
    readers = {
        name for name, hint in hints.items() if isinstance(hint, dict) and hint["readOnlyHint"]
    }
    assert readers >= {"read_file", "list_dir", "glob", "grep", "diagnostics"}
    assert not readers & {"write_file", "edit_file", "multi_edit"}


def test_tools_that_are_imported_later_are_the_same() -> None:
    tools = Discovered()
    assert tuple(tools) == discover()
    assert tools[0] == discover()[0]
    assert tools[:2] == discover()[:2]
