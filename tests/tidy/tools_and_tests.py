"""One tool a file, one test file a tool, each test beside its subject."""

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.tidy.source import ROOT, Problem, Rule, Sample, SourceFile, dotted_name, problem

TOOL_FOLDERS = ("mcp_tools/tools", "lsp_agent/agent/tools")


def tool_files(source: SourceFile) -> Iterator[Problem]:
    """A tool's file ends in `TOOL = Tool(...)` whose name is the file's."""
    path = PurePosixPath(source.path)
    if path.parent.as_posix() in TOOL_FOLDERS and path.name != "__init__.py":
        last = source.tree.body[-1] if source.tree.body else None
        tool = _assigned_tool(last)
        if tool is None:
            yield problem(source, last or 1, "a tool's file ends in `TOOL = Tool(...)`")
        elif _keyword(tool, "name") != path.stem:
            yield problem(source, tool, f"the tool's name is its file's: {path.stem!r}")


def expected_test(tool_path: str) -> str:
    """Give the path of a tool's test file."""
    path = PurePosixPath(tool_path)
    return f"tests/{path.parent}/test_{path.name}"


def untested_tools(sources: tuple[SourceFile, ...], root: Path = ROOT) -> list[str]:
    """Give the test files that tools lack."""
    tools = [s.path for s in sources if s.path.rpartition("/")[0] in TOOL_FOLDERS]
    expected = [expected_test(tool) for tool in tools if not tool.endswith("__init__.py")]
    return [path for path in expected if not (root / path).is_file()]


def strayed_tests(paths: list[str], root: Path = ROOT) -> list[str]:
    """Give the test files below `tests/<package>/` whose subject is not where they say it is.

    `tests/a/b/test_c.py` is about `a/b/c.py`, a package `a/b/c`, or, as `test_c_and_more.py`,
    about one aspect of it.
    """
    return [path for path in paths if not _has_subject(PurePosixPath(path), root)]


def _has_subject(path: PurePosixPath, root: Path) -> bool:
    folder = root / PurePosixPath(*path.parts[1:-1])
    words = path.stem.removeprefix("test_").split("_")
    stems = ["_".join(words[:n]) for n in range(len(words), 0, -1)]
    if words[0] in {"main", folder.name}:
        stems += ["__main__", "__init__"]
    return any((folder / f"{stem}.py").is_file() or (folder / stem).is_dir() for stem in stems)


def _assigned_tool(node: ast.stmt | None) -> ast.Call | None:
    if isinstance(node, ast.AnnAssign):
        target, value = node.target, node.value
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
    else:
        return None
    is_tool = isinstance(value, ast.Call) and dotted_name(value).endswith("Tool")
    return (
        value if is_tool and dotted_name(target) == "TOOL" and isinstance(value, ast.Call) else None
    )


def _keyword(call: ast.Call, name: str) -> object:
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


_TOOL = "mcp_tools/tools/read_file.py"

RULES = (
    Rule(
        name="a tool's file ends in its tool",
        check=tool_files,
        bad=(
            Sample(path=_TOOL, text="x = 1"),
            Sample(path=_TOOL, text=""),
            Sample(path=_TOOL, text="TOOL = Tool(name='read')"),
            Sample(path=_TOOL, text="TOOL = Tool(name='read_file')\nx = 1"),
        ),
        good=(
            Sample(path=_TOOL, text="TOOL = Tool(name='read_file')"),
            Sample(path="mcp_tools/tools/__init__.py", text='"""Tools."""'),
        ),
    ),
)
