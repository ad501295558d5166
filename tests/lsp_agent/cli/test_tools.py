"""The list of tools."""

import json

from mcp_tools.code.describing import describe
from mcp_tools.registry import discover
from tests.lsp_agent.cli.program import Program


def test_each_tool_is_listed_in_a_line(program: Program) -> None:
    done = program.run("tools")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [tool.name for tool in discover()]
    assert [line.split()[:2] for line in lines if line.startswith("edit_file")] == [
        ["edit_file", "edits"]
    ]


def test_json_holds_the_tools_as_the_registry_describes_them(program: Program) -> None:
    done = program.run("tools", "--json")
    expected = {"schema": 1, "tools": [describe(tool) for tool in discover()]}
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))
