"""Which tools there are.

A tool is found because its file lies in the package: nothing has to be registered.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cached_property
from types import ModuleType
from typing import overload

import mcp_tools.tools
from mcp_tools.types.calls import Tool

ENTRY_POINT_GROUP = "lsp_agent.tools"
"""Where other distributions name their tools: each entry point is a `Tool`."""


class BrokenTool(ImportError):
    """A file among the tools does not define one that can be used."""


def discover(package: ModuleType = mcp_tools.tools) -> tuple[Tool, ...]:
    """Give the tool of every module of a package, sorted by name.

    Raises: BrokenTool if a module has no `TOOL`, or one whose name is not the module's.
    """
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return _unique(_tool_of(package.__name__, name) for name in names)


class Discovered(Sequence[Tool]):
    """The tools of `discover`, imported when somebody first looks at them."""

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return discover()

    def __len__(self) -> int:
        """Tell how many there are."""
        return len(self._tools)

    @overload
    def __getitem__(self, index: int) -> Tool: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Tool]: ...
    def __getitem__(self, index: int | slice) -> Tool | Sequence[Tool]:
        """Give one tool, or some, in the order of their names."""
        return self._tools[index]


def discover_installed() -> tuple[Tool, ...]:
    """Give the tools that other installed distributions offer, sorted by name.

    This imports, and so runs, their code: call it only when the user asked for such tools.
    Raises: BrokenTool.
    """
    found: list[Tool] = []
    # An import of its own: it takes long, and few look for such tools.
    metadata = importlib.import_module("importlib.metadata")
    for entry_point in metadata.entry_points(group=ENTRY_POINT_GROUP):
        loaded: object = entry_point.load()
        where = f"the entry point {entry_point.name!r} ({entry_point.value})"
        found.append(_checked(loaded, entry_point.name, where=where))
    return _unique(found)


def _tool_of(package_name: str, name: str) -> Tool:
    module = importlib.import_module(f"{package_name}.{name}")
    tool: object = getattr(module, "TOOL", None)
    return _checked(tool, name, where=f"the module {module.__name__}")


def _checked(tool: object, name: str, *, where: str) -> Tool:
    if not isinstance(tool, Tool):
        raise BrokenTool(
            f"expected {where} to end in TOOL = Tool(...), got {type(tool).__name__}; "
            "define the tool there, or move the file out of the package"
        )
    if tool.name != name:
        raise BrokenTool(f"expected {where} to define the tool {name!r}, got {tool.name!r}")
    return tool


def _unique(tools: Iterable[Tool]) -> tuple[Tool, ...]:
    found: dict[str, Tool] = {}
    for tool in tools:
        if tool.name in found:
            raise BrokenTool(f"expected one tool named {tool.name!r}, got two")
        found[tool.name] = tool
    return tuple(found[name] for name in sorted(found))
