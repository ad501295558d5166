"""A bug that no rule can mend, and a model that mends it with two tools."""

from pathlib import Path

from lsp_agent.engine.protocol import Fix
from lsp_agent.testkit.json_values import Json
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.text import Span
from tests.support.projects import project_files

PROJECT = """
//- /shop.py
def final_price(price: float, percent: float) -> float:
    return price - reduction


def label(name: str) -> str:
    return name.title()
//- /notes.txt
Prices are in euros.
"""
OLD, NEW = "price - reduction", "price - price * percent / 100"
SOURCE = project_files(PROJECT)["shop.py"]
MENDED = SOURCE.replace(OLD, NEW)


def problem(root: Path) -> Diagnostic:
    """Give the problem as an editor that runs ruff would report it."""
    start = SOURCE.index("reduction")
    return Diagnostic(
        path=root / "shop.py",
        span=Span(start, start + len("reduction")),
        message="Undefined name `reduction`",
        source="ruff",
        code="F821",
    )


def fix(root: Path) -> Fix:
    """Give the wish to mend it."""
    return Fix(path=root / "shop.py", diagnostics=(problem(root),))


def call(name: str, **arguments: Json) -> dict[str, Json]:
    """Give a tool call as a script has it."""
    return {"type": "tool_use", "name": name, "input": arguments}


def read_call(path: str = "shop.py") -> dict[str, Json]:
    """Give the call that reads the file with the bug."""
    return call("read_file", path=path)


def edit_call(old: str = OLD, new: str = NEW) -> dict[str, Json]:
    """Give the call that mends it."""
    return call("edit_file", path="shop.py", old_string=old, new_string=new)


def mending_turns(*, chunk_size: int | None = None) -> list[Json]:
    """Give the answers of a model that reads, edits and checks, and then says so."""
    turns: list[list[Json]] = [
        ["I will look at it.", read_call()],
        [edit_call(), call("diagnostics", path="shop.py")],
        ["The percentage was never used."],
    ]
    return [{"content": content, "chunk_size": chunk_size} for content in turns]
