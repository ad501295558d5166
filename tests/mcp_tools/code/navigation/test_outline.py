"""The outline shows definitions in the order of the text."""

from collections.abc import Sequence
from pathlib import Path

from mcp_tools.code.navigation.outline import OutlineNode, outline
from tests.support.codebases import codebase_of

_TEXT = '''\
LIMIT = 3

class Job(Base):
    """Doc."""

    name: str = "job"

    def __init__(self) -> None:
        self.done = False

    @property
    def speed(self) -> int:
        return 1

    class Inner:
        def run(self): ...

async def main(
    first,  # the first
    *rest,
) -> None:
    def local(): ...
    f = lambda x: x
'''


def _shown(nodes: Sequence[OutlineNode], depth: int = 0) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        lines.append(f"{'  ' * depth}{node.item.kind} {node.item.name} | {node.item.detail}")
        lines += _shown(node.children, depth + 1)
    return lines


def test_an_outline_is_a_tree_with_signatures(tmp_path: Path) -> None:
    nodes = outline(codebase_of({"a.py": _TEXT}, tmp_path), "a.py")
    assert _shown(nodes) == [
        "constant LIMIT | LIMIT = 3",
        "class Job | class Job(Base)",
        '  variable name | name: str = "job"',
        "  method __init__ | def __init__(self) -> None",
        "  attribute done | self.done = False",
        "  property speed | @property def speed(self) -> int",
        "  class Inner | class Inner",
        "    method run | def run(self)",
        "function main | async def main(first, *rest) -> None",
        "  function local | def local()",
    ]


def test_a_file_that_is_not_there_has_no_outline(tmp_path: Path) -> None:
    assert outline(codebase_of({"a.py": ""}, tmp_path), "b.py") == ()
    assert outline(codebase_of({"a.py": ""}, tmp_path), "a.py") == ()
