"""Shapes of code: values, imports, exceptions, work done at import."""

import ast
from collections.abc import Iterator

from tests.tidy.source import (
    NamedNode,
    Problem,
    Rule,
    Sample,
    SourceFile,
    decorator_names,
    dotted_name,
    functions,
    problem,
)

BOUNDARIES: dict[str, str] = {
    "lsp_agent/engine/gating.py:judge": "what cannot be judged must not happen",
    "lsp_agent/engine/guests.py:_ask": "a way to ask that fails means no",
    "lsp_agent/engine/session.py:_guarded": "a fault of ours reaches the user as an answer",
    "lsp_agent/engine/standing.py:_try_sandbox": "a sandbox that cannot be tried is none",
    "lsp_agent/hooks/firing.py:_reply": "a hook is code of somebody else, and its faults answers",
    "lsp_agent/hooks/kinds/function.py:_called": "who waits for a thread must hear of its fault",
    "lsp_agent/server/code/builds.py:_read": "questions are answered without a build, only later",
    "lsp_agent/server/tasks.py:_run": "whoever waits for a task must hear of its fault",
    "mcp_tools/host.py:call": "a fault of one tool must not end the session",
    "mcp_tools/index/following.py:_do": "a fault must not end the background work for good",
    "mcp_tools/index/pool.py:_feed": "whoever waits for a worker's answer must get one",
    "mcp_tools/index/reading.py:_understood": "a fault with one text must not cost all the others",
    "mcp_tools/server/failing.py:answer_failures": "every request gets an answer",
    "mcp_tools/workspace/jobs.py:_attend": "nobody waits for a job, so it must say how it failed",
}
"""Where `except Exception` may stand: `path:function` to the reason.

Each logs with its traceback and answers: host.call, an engine turn, the adapter's dispatch, hooks.
"""

LATE_IMPORTS: dict[str, str] = {
    "lsp_agent/cli/": "a command imports only its own front end, so that each starts quickly",
}
"""Files and folders (with `/`) whose functions may import, to the reason."""

MAX_POSITIONAL_FIELDS = 3
"""A dataclass with more fields is built by keywords."""

MUTABLE_VALUES: dict[str, str] = {
    "lsp_agent/agent/loop.py:Turn": "the loop fills it in, so that its caller sees what came of it",
    "lsp_agent/models/anthropic.py:_OpenBlock": "collects the pieces of a streamed block",
    "lsp_agent/models/anthropic.py:_Reply": "collects the blocks of one stream",
    "mcp_tools/index/python/draft.py:ParameterDraft": "filled in as the function is read",
    "mcp_tools/index/python/draft.py:SymbolDraft": "filled in as the definition is read",
}
"""Dataclasses that may change: `path:Class` to the reason."""


def broad_excepts(source: SourceFile) -> Iterator[Problem]:
    """`except Exception` stands only at a named boundary; a bare `except` nowhere."""
    if source.is_product:
        for scope in (source.tree, *functions(source.tree)):
            key = f"{source.path}:{getattr(scope, 'name', '')}"
            for node in _own_nodes(scope):
                if _is_broad(node) and key not in BOUNDARIES:
                    yield problem(source, node, "name the exception, or list the boundary")


def late_imports(source: SourceFile) -> Iterator[Problem]:
    """Imports stand on top."""
    if source.is_product and not _is_listed(source.path, LATE_IMPORTS):
        for function in functions(source.tree):
            for node in _own_nodes(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield problem(source, node, "imports stand on top of the file")


def type_checking_imports(source: SourceFile) -> Iterator[Problem]:
    """No import hides behind TYPE_CHECKING: it would hide a cycle between modules."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in dotted_name(node.test):
            yield problem(source, node, "no TYPE_CHECKING imports: move the type to a lower layer")


def relative_imports(source: SourceFile) -> Iterator[Problem]:
    """Imports name the whole module, so that a search finds every use."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield problem(source, node, "name the whole module in an import")


def work_at_import(source: SourceFile) -> Iterator[Problem]:
    """A module defines names; it calls nothing for its effect, and loops over nothing."""
    if source.is_product:
        for node in source.tree.body:
            is_call = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
            is_loop = isinstance(node, ast.For | ast.While | ast.With | ast.Try | ast.Delete)
            if is_call or is_loop:
                yield problem(source, node, "importing a module does nothing: define names only")


def values(source: SourceFile) -> Iterator[Problem]:
    """A dataclass is frozen, slotted and, above three fields, built by keywords."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and "dataclass" in decorator_names(node):
            missing = _needed_options(node) - _dataclass_options(node)
            if f"{source.path}:{node.name}" in MUTABLE_VALUES:
                missing.discard("frozen")
            if missing:
                options = ", ".join(sorted(missing))
                yield problem(source, node, f"dataclass {node.name} lacks {options}")


def unused_exceptions(sources: tuple[SourceFile, ...]) -> list[str]:
    """Give the entries of the lists above that name nothing in a file that exists."""
    paths = {source.path for source in sources}
    names = {
        f"{source.path}:{node.name}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, NamedNode)
    }
    listed = [key for key in (*BOUNDARIES, *MUTABLE_VALUES) if key.partition(":")[0] in paths]
    return [key for key in listed if key not in names]


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a function or module without the functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own_nodes(child)


def _is_broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or dotted_name(kind) in {"Exception", "BaseException"} for kind in kinds
    )


def _is_listed(path: str, table: dict[str, str]) -> bool:
    return any(path.startswith(key) if key.endswith("/") else path == key for key in table)


def _needed_options(node: ast.ClassDef) -> set[str]:
    needed = {"frozen", "kw_only", "slots"}
    # A cached property keeps its value in the instance's dictionary, which slots take away.
    if any(isinstance(child, ast.FunctionDef) and _is_cached(child) for child in node.body):
        needed.discard("slots")
    if sum(isinstance(child, ast.AnnAssign) for child in node.body) <= MAX_POSITIONAL_FIELDS:
        needed.discard("kw_only")
    return needed


def _is_cached(node: ast.FunctionDef) -> bool:
    return "cached_property" in decorator_names(node)


def _dataclass_options(node: ast.ClassDef) -> set[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and dotted_name(decorator).endswith("dataclass"):
            return {
                keyword.arg
                for keyword in decorator.keywords
                if keyword.arg and isinstance(keyword.value, ast.Constant) and keyword.value.value
            }
    return set()


def _value(options: str, *, n_fields: int) -> str:
    fields = "\n".join(f"    field_{number}: int" for number in range(n_fields))
    return f"@dataclass({options})\nclass A:\n{fields}\n"


_CLI = "lsp_agent/cli/sample.py"

RULES = (
    Rule(
        name="broad excepts stand at boundaries",
        check=broad_excepts,
        bad=(
            Sample(text="def f():\n    try: g()\n    except Exception: pass"),
            Sample(text="def f():\n    try: g()\n    except: pass"),
            Sample(
                text="class A:\n    def f(self):\n"
                "        try: g()\n        except (OSError, BaseException): h()"
            ),
        ),
        good=(Sample(text="def f():\n    try: g()\n    except (OSError, ValueError): pass"),),
    ),
    Rule(
        name="imports stand on top",
        check=late_imports,
        bad=(
            Sample(text="def f():\n    from a import b"),
            Sample(text="def f():\n    if x:\n        import a"),
        ),
        good=(Sample(text="import a"), Sample(text="def f():\n    import a", path=_CLI)),
    ),
    Rule(
        name="no imports for the type checker alone",
        check=type_checking_imports,
        bad=(
            Sample(text="if TYPE_CHECKING:\n    import a"),
            Sample(text="if typing.TYPE_CHECKING:\n    import a"),
        ),
        good=(Sample(text="if x:\n    import a"),),
    ),
    Rule(
        name="imports are absolute",
        check=relative_imports,
        bad=(Sample(text="from . import a"), Sample(text="from ..a import b")),
        good=(Sample(text="from mcp_tools.types import text"),),
    ),
    Rule(
        name="modules only define names",
        check=work_at_import,
        bad=(
            Sample(text="print('hello')"),
            Sample(text="for a in b:\n    c(a)"),
            Sample(text="try:\n    import a\nexcept ImportError:\n    a = None"),
        ),
        good=(
            Sample(text='"""A."""\nimport a\nb = a.c()\nif __name__ == "__main__":\n    main()'),
        ),
    ),
    Rule(
        name="dataclasses are frozen, slotted, keyword-only",
        check=values,
        bad=(
            Sample(text="@dataclass\nclass A: ..."),
            Sample(text="@dataclasses.dataclass(frozen=True, kw_only=True)\nclass A: ..."),
            Sample(text="@dataclass(frozen=False, slots=True, kw_only=True)\nclass A: ..."),
            Sample(text=_value("frozen=True, slots=True", n_fields=4)),
        ),
        good=(
            Sample(text=_value("frozen=True, slots=True, kw_only=True", n_fields=4)),
            Sample(text=_value("frozen=True, slots=True", n_fields=3)),
            Sample(
                text="@dataclass(frozen=True, kw_only=True)\nclass A:\n"
                "    @cached_property\n    def f(self): ..."
            ),
        ),
    ),
)
