"""Starting the server of an entry: what it answers, and each way in which it does not."""

import sys
from pathlib import Path

import pytest

from lsp_agent.installing.probing import probe
from lsp_agent.version import VERSION
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.workspace.programs import BundledPrograms


async def _probe(folder: Path, *argv: str) -> tuple[str, int]:
    found = await probe(BundledPrograms(), argv, folder)
    return found.version, found.n_tools


@pytest.mark.asyncio
async def test_our_own_server_answers(tmp_path: Path) -> None:
    source = Path(__file__).parents[3]
    start = f"import sys; sys.path.insert(0, {str(source)!r}); from lsp_agent.cli.main import main"
    version, n_tools = await _probe(tmp_path, sys.executable, "-c", f"{start}; main(['mcp'])")
    assert version == VERSION
    assert n_tools > 5


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("exit 3", "ended with 3"),
        ("echo no such option >&2; exit 2", "ended with 2: no such option"),
        ('read line; echo "{}"; echo "["; echo 1', "does not serve its tools"),
        ("exec /no/such/program", "ended with 12"),
    ],
)
async def test_what_is_no_server_is_told_from_one(
    tmp_path: Path, script: str, expected: str
) -> None:
    with pytest.raises(ProgramFailed, match=expected):
        await _probe(tmp_path, "sh", "-c", script)
