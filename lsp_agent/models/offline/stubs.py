"""The public names of the standard library, from the type stubs that jedi ships.

Nothing is imported: neither jedi nor the modules. A lookup reads each stub once at most.
"""

import ast
import functools
import importlib.util
import re
import sys
from pathlib import Path

_NOT_FOR_IMPORT = frozenset({"antigravity", "idlelib", "lib2to3", "test", "this", "turtledemo"})


def is_module(name: str) -> bool:
    """Tell whether `name`, which may have dots, is a public standard module."""
    return _is_public(name) and name in _stub_paths()


def has_name(module: str, name: str) -> bool:
    """Tell whether a module of the standard library has the public name."""
    return _is_public(module) and name in _names(module)


@functools.lru_cache(maxsize=256)
def homes(name: str) -> tuple[str, ...]:
    """Give the public modules that define `name`, a package for its parts, sorted."""
    word = re.escape(name)
    defined = re.compile(
        rf"^[ \t]*(?:(?:class|def|async def) {word}\b|{word} *[:=]|.*\b{word} as {word}\b)", re.M
    )
    found = {
        module
        for module in _stub_paths()
        if name in _text(module) and defined.search(_text(module)) and has_name(module, name)
    }
    return tuple(sorted({_shown_by_package(module, name) for module in found}))


def _is_public(module: str) -> bool:
    parts = module.split(".")
    is_standard = parts[0] in sys.stdlib_module_names and parts[0] not in _NOT_FOR_IMPORT
    return is_standard and not any(part.startswith("_") for part in parts)


def _shown_by_package(module: str, name: str) -> str:
    package = module.rpartition(".")[0]
    return _shown_by_package(package, name) if package and has_name(package, name) else module


@functools.cache
def _stub_paths() -> dict[str, Path]:
    found = importlib.util.find_spec("jedi")
    if found is None or found.origin is None:
        return {}
    root = Path(found.origin).parent / "third_party" / "typeshed" / "stdlib"
    paths: dict[str, Path] = {}
    for path in sorted(root.rglob("*.pyi")):
        parts = path.relative_to(root).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        paths[".".join(parts)] = path
    return paths


@functools.lru_cache(maxsize=1024)
def _text(module: str) -> str:
    path = _stub_paths().get(module)
    return "" if path is None else path.read_text(encoding="utf-8")


@functools.lru_cache(maxsize=256)
def _names(module: str) -> frozenset[str]:
    try:
        tree = ast.parse(_text(module))
    except SyntaxError:
        # The stubs may use grammar that is newer than this Python.
        return frozenset()
    names: set[str] = set()
    stack: list[ast.stmt] = [*tree.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If):
            stack += _branch(node)
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            names |= _names(f"{module}.{node.module}" if node.level else f"{node.module}")
        names |= _defined_by(node)
    return frozenset(name for name in names if not name.startswith("_"))


def _branch(node: ast.If) -> list[ast.stmt]:
    """Give what counts for this Python, or both branches of another test."""
    match node.test:
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[ast.Tuple() as wanted]) if (
            ast.unparse(left) == "sys.version_info"
        ):
            is_met = sys.version_info >= ast.literal_eval(wanted)
            return node.body if is_met else node.orelse
        case _:
            return [*node.body, *node.orelse]


def _defined_by(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.Import | ast.ImportFrom):
        # In a stub only `import x as x` shows the name to others.
        return {alias.name for alias in node.names if alias.asname == alias.name}
    return set()
