"""Who may touch the outside: disk, processes, network, environment, clock.

Everything else goes through a port, so that it can be judged, recorded and tested.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.tidy.outside_names import (
    CALLS,
    MODULES,
    OS_NAMES,
    OS_PATH_NAMES,
    PATH_METHODS,
    PATH_WORDS,
    SHARED_METHODS,
    Effect,
)
from tests.tidy.source import Problem, Rule, Sample, SourceFile, dotted_name, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What a file, or each file of a folder, may touch, and the reason."""

    effects: frozenset[Effect]
    reason: str


def _permit(*effects: Effect, reason: str) -> Permit:
    return Permit(effects=frozenset(effects), reason=reason)


PERMITS: dict[str, Permit] = {
    "lsp_agent/audit/trail.py": _permit(
        Effect.CLOCK, reason="gives the event loop the way between two lines"
    ),
    "lsp_agent/audit/log.py": _permit(
        Effect.DISK, reason="keeps the audit log in private files of the user's own"
    ),
    "lsp_agent/cli/checks.py": _permit(
        Effect.DISK, reason="the doctor looks whether the state folder can be written"
    ),
    "lsp_agent/cli/arguments.py": _permit(
        Effect.DISK, Effect.ENVIRONMENT, reason="finds the file and the root that a command names"
    ),
    "lsp_agent/cli/index.py": _permit(
        Effect.DISK, reason="removes the index where it is to be made anew"
    ),
    "lsp_agent/cli/main.py": _permit(
        Effect.DISK, reason="points a closed standard output at nothing, to end quietly"
    ),
    "lsp_agent/demo/editor.py": _permit(
        Effect.DISK,
        Effect.PROCESS,
        Effect.ENVIRONMENT,
        reason="plays the editor: starts the server and saves the buffers",
    ),
    "lsp_agent/demo/sample.py": _permit(
        Effect.DISK, Effect.PROCESS, reason="copies the sample project and runs its tests"
    ),
    "lsp_agent/demo/show.py": _permit(Effect.DISK, reason="looks at the copied sample project"),
    "lsp_agent/engine/waiting.py": _permit(
        Effect.DISK, reason="keeps what was denied for lack of a person in a private file"
    ),
    "lsp_agent/hooks/files.py": _permit(Effect.DISK, reason="reads the user's file of hooks"),
    "lsp_agent/hooks/processes.py": _permit(
        Effect.DISK,
        Effect.PROCESS,
        Effect.ENVIRONMENT,
        reason="runs the programs of hooks, in a cleaned environment",
    ),
    "lsp_agent/hooks/kinds/http.py": _permit(
        Effect.NETWORK,
        Effect.ENVIRONMENT,
        reason="posts to the addresses of the user's hooks, with keys of the environment",
    ),
    "lsp_agent/hooks/kinds/function.py": _permit(
        Effect.DISK, reason="sees that a hook's function does not lie in the workspace"
    ),
    "lsp_agent/installing/files.py": _permit(
        Effect.DISK,
        Effect.ENVIRONMENT,
        reason="reads and replaces the settings files of MCP clients, where the user has them",
    ),
    "lsp_agent/models/anthropic.py": _permit(
        Effect.NETWORK, reason="the provider's SDK lets errors of its HTTP library through"
    ),
    "lsp_agent/permissions/shell/programs/git_repository.py": _permit(
        Effect.DISK, reason="reads the settings of a repository before git does"
    ),
    "lsp_agent/permissions/shell/programs/texts.py": _permit(
        Effect.DISK, reason="sees whether `diff` is given folders, in which it follows links"
    ),
    "lsp_agent/permissions/shell/disk_world.py": _permit(
        Effect.DISK, reason="finds the programs of a command line, and follows its names and globs"
    ),
    "lsp_agent/permissions/rule_disk.py": _permit(
        Effect.DISK, reason="reads and replaces the files of rules, and looks who may write there"
    ),
    "lsp_agent/sandbox/": _permit(
        Effect.DISK,
        Effect.PROCESS,
        Effect.ENVIRONMENT,
        reason="runs commands in views of the workspace: private folders, namespaces, a clean "
        "environment",
    ),
    "lsp_agent/sandbox/confining/": _permit(
        Effect.NETWORK,
        reason="calls the hosts that the user allowed to commands; tries what must not be reached",
    ),
    "lsp_agent/secrets/configured.py": _permit(
        Effect.ENVIRONMENT, reason="hides the values of variables that have secret names"
    ),
    "lsp_agent/server/code/wide_lines.py": _permit(
        Effect.DISK,
        reason="looks whether files have wide characters, without making documents of them",
    ),
    "lsp_agent/server/private_files.py": _permit(
        Effect.DISK,
        Effect.ENVIRONMENT,
        reason="writes answers and reviews to private files of the user's cache folder",
    ),
    "lsp_agent/server/folders.py": _permit(
        Effect.DISK, reason="finds out which folder of the editor a document lies in"
    ),
    "lsp_agent/trust/identity.py": _permit(
        Effect.DISK, Effect.ENVIRONMENT, reason="tells which folder it is, and whose"
    ),
    "lsp_agent/trust/patterns.py": _permit(
        Effect.ENVIRONMENT, reason="knows the home folder that a pattern begins with"
    ),
    "lsp_agent/trust/powers.py": _permit(
        Effect.DISK, reason="reads what in a folder asks for power, without following links"
    ),
    "lsp_agent/trust/records.py": _permit(
        Effect.DISK, reason="keeps what the user trusts in a private file"
    ),
    "lsp_agent/trust/store.py": _permit(
        Effect.DISK, reason="looks whether the file of trust has changed"
    ),
    "mcp_tools/code/checks/hierarchy.py": _permit(
        Effect.DISK, reason="reads class definitions that jedi found, often outside of the root"
    ),
    "lsp_agent/config/settings.py": _permit(
        Effect.DISK, Effect.ENVIRONMENT, reason="reads the user's settings, each from its layer"
    ),
    "lsp_agent/models/offline/stubs.py": _permit(
        Effect.DISK, reason="reads the type stubs that jedi ships, never a file of the workspace"
    ),
    "lsp_agent/testkit/": _permit(
        Effect.DISK,
        Effect.NETWORK,
        reason="a real server on loopback, with a script file and a log; no product code uses it",
    ),
    "mcp_tools/code/git/foreign_objects.py": _permit(
        Effect.DISK, reason="looks whether a repository shows objects of another one"
    ),
    "mcp_tools/code/mirror.py": _permit(
        Effect.DISK, reason="shows unsaved text to helper programs, in a private folder of its own"
    ),
    "mcp_tools/index/codebase.py": _permit(
        Effect.DISK, reason="looks whether a file is still the one that was read"
    ),
    "mcp_tools/index/collecting.py": _permit(
        Effect.DISK, reason="looks which workspaces are gone, to forget them"
    ),
    "mcp_tools/index/database.py": _permit(
        Effect.DISK, reason="keeps the index in a private file of the user's cache folder"
    ),
    "mcp_tools/index/foreground.py": _permit(
        Effect.CLOCK, reason="knows how long nobody has asked"
    ),
    "mcp_tools/index/index.py": _permit(
        Effect.DISK, Effect.CLOCK, reason="looks at files that changed; times builds and scans"
    ),
    "mcp_tools/index/outside.py": _permit(Effect.DISK, reason="finds stubs and installed packages"),
    "mcp_tools/index/outside_facts.py": _permit(
        Effect.DISK, Effect.CLOCK, reason="reads stubs and installed packages, and dates that"
    ),
    "mcp_tools/index/pool.py": _permit(
        Effect.DISK, Effect.PROCESS, reason="runs the worker processes of a build"
    ),
    "mcp_tools/index/reading.py": _permit(
        Effect.DISK, Effect.CLOCK, reason="reads source files for a build, and dates that"
    ),
    "mcp_tools/index/repository.py": _permit(
        Effect.DISK, reason="finds out which repository a worktree belongs to"
    ),
    "mcp_tools/index/store.py": _permit(Effect.DISK, reason="tells the size of the database"),
    "mcp_tools/index/text_search.py": _permit(
        Effect.DISK, reason="searches files that are not indexed yet"
    ),
    "mcp_tools/server/http/tokens.py": _permit(
        Effect.DISK,
        Effect.CLOCK,
        reason="keeps digests of tokens in a private file, and dates them",
    ),
    "mcp_tools/server/http/oauth.py": _permit(
        Effect.CLOCK, reason="sees that a token has not expired"
    ),
    "mcp_tools/server/http/signing_keys.py": _permit(
        Effect.NETWORK, reason="fetches the keys of the authorization server that was configured"
    ),
    "mcp_tools/server/file_dates.py": _permit(
        Effect.DISK, reason="dates the files in the list of resources"
    ),
    "mcp_tools/server/pipes.py": _permit(
        Effect.DISK, reason="reads and writes the process's own standard input and output"
    ),
    "mcp_tools/web/dialing.py": _permit(
        Effect.NETWORK, reason="connects to addresses that were checked, and to no other"
    ),
    "mcp_tools/web/exchange.py": _permit(Effect.NETWORK, reason="fetches pages for tools"),
    "mcp_tools/web/targets.py": _permit(
        Effect.NETWORK, reason="reads addresses as the library does that calls them"
    ),
    "mcp_tools/workspace/watching.py": _permit(
        Effect.DISK, reason="watches the folders of a workspace"
    ),
    "mcp_tools/workspace/disk/walking.py": _permit(
        Effect.DISK, reason="lists the files of a workspace with their state"
    ),
    "mcp_tools/workspace/disk/beneath.py": _permit(
        Effect.DISK, reason="opens files below the root without ever following a link out of it"
    ),
    "mcp_tools/workspace/disk/source.py": _permit(Effect.DISK, reason="the disk as a Source"),
    "mcp_tools/workspace/disk/placing.py": _permit(
        Effect.DISK, reason="writes, renames and removes files for the disk as a Sink"
    ),
    "mcp_tools/workspace/journal/clock.py": _permit(
        Effect.CLOCK, reason="dates the entries of the journal"
    ),
    "mcp_tools/workspace/journal/": _permit(
        Effect.DISK, reason="keeps the journal in private files of the user's own"
    ),
    "mcp_tools/workspace/paths.py": _permit(
        Effect.DISK,
        Effect.ENVIRONMENT,
        reason="resolves links; the home folder is never taken for a project",
    ),
    "mcp_tools/workspace/programs.py": _permit(
        Effect.DISK,
        Effect.ENVIRONMENT,
        Effect.PROCESS,
        reason="runs the helper programs that ship with the product, in a cleaned environment",
    ),
}
"""Keys are paths of files, or of folders with a `/` at the end."""


def outside_effects(source: SourceFile) -> Iterator[Problem]:
    """Only the files in PERMITS touch the outside, and only in the way written there."""
    if not source.is_product:
        return
    allowed = allowed_effects(source.path)
    for node, effect, name in found_effects(source.tree):
        if effect not in allowed:
            yield problem(
                source,
                node,
                f"{name} touches the {effect}: use a port, or add a permit with a reason",
            )


def allowed_effects(path: str) -> frozenset[Effect]:
    """Give what the file may touch."""
    permits = [permit for key, permit in PERMITS.items() if _covers(key, path)]
    return frozenset(effect for permit in permits for effect in permit.effects)


def unused_permits(sources: tuple[SourceFile, ...]) -> list[str]:
    """Give the permits that no file needs any more, of files and folders that exist."""
    unused: list[str] = []
    for key, permit in PERMITS.items():
        covered = [source for source in sources if _covers(key, source.path)]
        used = {effect for source in covered for _, effect, _ in found_effects(source.tree)}
        if covered:
            unused += [f"{key}: {effect}" for effect in sorted(permit.effects - used)]
    return unused


def found_effects(tree: ast.Module) -> Iterator[tuple[ast.AST, Effect, str]]:
    """Give each place that touches the outside, with the name that does it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)
        elif isinstance(node, ast.Attribute):
            yield from _attribute(node)
        elif isinstance(node, ast.Call):
            yield from _called(node)


def _covers(key: str, path: str) -> bool:
    return path.startswith(key) if key.endswith("/") else path == key


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[ast.AST, Effect, str]]:
    prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    for name in (prefix + alias.name for alias in node.names):
        for module, effect in MODULES.items():
            if name == module or name.startswith(f"{module}."):
                yield node, effect, module
        if isinstance(node, ast.ImportFrom):
            effect = CALLS.get(name) or _of_os(name)
            if effect is not None:
                yield node, effect, name


def _attribute(node: ast.Attribute) -> Iterator[tuple[ast.AST, Effect, str]]:
    name = dotted_name(node)
    effect = _of_os(name)
    if effect is not None:
        yield node, effect, name


def _called(node: ast.Call) -> Iterator[tuple[ast.AST, Effect, str]]:
    name = dotted_name(node.func)
    if name in CALLS:
        yield node, CALLS[name], f"{name}()"
    elif isinstance(node.func, ast.Attribute) and not name.startswith("os."):
        method = node.func.attr
        if method in PATH_METHODS:
            yield node, PATH_METHODS[method], f".{method}()"
        elif method in SHARED_METHODS and _is_like_a_path(node.func.value):
            yield node, Effect.DISK, f".{method}()"


def _of_os(name: str) -> Effect | None:
    if name.startswith("os.path."):
        return OS_PATH_NAMES.get(name.removeprefix("os.path."))
    return OS_NAMES.get(name.removeprefix("os.")) if name.startswith("os.") else None


def _is_like_a_path(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div)
    name = dotted_name(node).rpartition(".")[2].lower()
    return name.endswith(PATH_WORDS)


def _caught(text: str) -> Sample:
    return Sample(text=text)


RULES = (
    Rule(
        name="only permitted files touch the outside",
        check=outside_effects,
        bad=(
            _caught("open('a', encoding='utf-8')"),
            _caught("path.read_text(encoding='utf-8')"),
            _caught("(root / 'a').exists()"),
            _caught("Path('a').is_file()"),
            _caught("self._path.open()"),
            _caught("Path.home()"),
            _caught("import os\nos.replace(a, b)"),
            _caught("import os\nos.environ['A']"),
            _caught("from os import environ"),
            _caught("import os\nos.path.exists(a)"),
            _caught("import subprocess"),
            _caught("from subprocess import run"),
            _caught("def f():\n    import socket"),
            _caught("from urllib import request"),
            _caught("from urllib.request import urlopen"),
            _caught("import httpx2"),
            _caught("from http import server"),
            _caught("import asyncio\nasyncio.create_subprocess_exec('a')"),
            _caught("from asyncio import create_subprocess_exec"),
            _caught("import time\ntime.time()"),
            _caught("from time import monotonic"),
            _caught("from datetime import datetime\ndatetime.now(UTC)"),
        ),
        good=(
            Sample(text="snapshot.exists(path)\nsource.read(path)\nast.walk(tree)"),
            Sample(text="import os\nos.fspath(a)\nos.path.join(a, b)\nname.replace('a', 'b')"),
            Sample(text="path.with_suffix('.py').as_posix()\nurllib.parse.quote(a)"),
            Sample(text="import subprocess", path="tests/test_a.py"),
        ),
    ),
)
