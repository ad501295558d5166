"""What an import does and costs: contracts, no effects, nothing heavy."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from tests.tidy.source import ROOT, source_files

LIGHT_MODULES: dict[str, set[str]] = {
    "lsp_agent.__main__": {"anthropic", "jedi", "pydantic", "pygls", "rich"},
    "lsp_agent.server": {"anthropic", "jedi"},
    "lsp_agent.app": {"anthropic", "jedi", "pygls"},
    "lsp_agent.testkit.server": {"anthropic", "jedi", "pydantic", "pygls"},
    "mcp_tools.registry": {"anthropic", "jedi", "pygls"},
}
"""What must not be loaded when a module is imported, because a start would pay for it."""

# Runs in a process of its own: every module is imported there, watched by an audit hook.
_WATCHED_IMPORTS = """
import importlib, io, json, os, sys
found, current, printed = [], [""], io.StringIO()
effects = ("os.chdir", "os.link", "os.mkdir", "os.putenv", "os.remove", "os.rename", "os.rmdir",
    "os.symlink", "os.system", "os.truncate", "os.exec", "os.fork", "os.posix_spawn",
    "shutil.", "socket.bind", "socket.connect", "socket.getaddrinfo", "subprocess.Popen",
    "tempfile.", "sqlite3.connect", "urllib.Request")
def watch(event, arguments):
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writes = any(letter in (mode or "") for letter in "wax+") or (
            mode is None and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if writes:
            found.append(f"{current[0]} opens {arguments[0]} for writing")
    elif event.startswith(effects):
        found.append(f"{current[0]} causes {event} {arguments!r}")
sys.addaudithook(watch)
sys.stdout = sys.stderr = printed
for current[0] in sys.argv[1:]:
    try:
        importlib.import_module(current[0])
    except Exception as error:
        found.append(f"{current[0]} cannot be imported: {error!r}")
if printed.getvalue():
    found.append(f"printed: {printed.getvalue()}")
sys.__stdout__.write(json.dumps(found))
"""


BREACHES = {
    "mcp_tools is built in layers": ("mcp_tools/types/a.py", "import mcp_tools.workspace.a"),
    "lsp_agent is built in layers": ("lsp_agent/config/a.py", "import lsp_agent.engine.a"),
    "mcp_tools never imports lsp_agent": ("mcp_tools/code/a.py", "import lsp_agent.config.a"),
    "pygls and lsprotocol stay in": ("lsp_agent/engine/a.py", "from lsprotocol import types"),
    "anthropic stays in": ("lsp_agent/models/offline.py", "from anthropic import Anthropic"),
    "the product does not lean on": ("lsp_agent/engine/a.py", "import lsp_agent.testkit.a"),
}
"""For each contract a line that breaks it, and the file to put it in."""


def test_the_import_contracts_hold() -> None:
    """The contracts are in pyproject.toml; one that breaks is named with the chain of imports."""
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_of_a_contract_is_found(contract: str, tmp_path: Path) -> None:
    for package in ("mcp_tools", "lsp_agent"):
        _write(tmp_path / package / "__init__.py", "")
    for folder in (
        "mcp_tools/types",
        "mcp_tools/workspace",
        "mcp_tools/code",
        "lsp_agent/config",
        "lsp_agent/engine",
        "lsp_agent/models",
        "lsp_agent/testkit",
    ):
        _write(tmp_path / folder / "__init__.py", "")
        _write(tmp_path / folder / "a.py", "")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    # The sample has only some of the layers, so there each of them may be missing.
    optional = re.sub(r'^    "[a-z_ |()]+",$', _all_optional, settings, flags=re.M)
    (tmp_path / "pyproject.toml").write_text(optional, encoding="utf-8")
    path, line = BREACHES[contract]
    _write(tmp_path / path, line)
    done = _lint_imports(tmp_path)
    broken = [line for line in done.stdout.splitlines() if line.endswith(" BROKEN")]
    assert any(line.startswith(contract) for line in broken), done.stdout + done.stderr


def test_importing_a_module_does_nothing() -> None:
    assert _watch_imports(_product_modules()) == []


def test_effects_at_import_are_seen(tmp_path: Path) -> None:
    _write(tmp_path / "writing.py", "open('made.txt', 'w').close()")
    _write(tmp_path / "starting.py", "import subprocess\nsubprocess.run(['true'])")
    _write(tmp_path / "printing.py", "print('hello')")
    found = _watch_imports(["writing", "starting", "printing"], tmp_path)
    assert [line.split(" ")[0] for line in found] == ["writing", "starting", "printed:"]


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_a_start_loads_nothing_heavy(module: str) -> None:
    if not _exists(module):
        pytest.skip(f"{module} is not there yet")
    program = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(_run(program)))
    assert not loaded & LIGHT_MODULES[module]


def _all_optional(line: re.Match[str]) -> str:
    return re.sub(r"\(?([a-z_]+)\)?", r"(\1)", line.group())


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command as main; main(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        timeout=60,
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _product_modules() -> list[str]:
    paths = [PurePosixPath(source.path) for source in source_files() if source.is_product]
    return [
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in paths
        if path.name != "__main__.py"
    ]


def _watch_imports(modules: list[str], folder: Path = ROOT) -> list[str]:
    return json.loads(_run(_WATCHED_IMPORTS, *modules, folder=folder))


def _run(program: str, *arguments: str, folder: Path = ROOT) -> str:
    # -B: compiled files would be written otherwise, which is not the module's doing.
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
