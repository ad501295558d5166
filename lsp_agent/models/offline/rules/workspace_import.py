"""An undefined name that another file of the workspace defines or imports."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lsp_agent.models.offline.import_places import top_imports
from lsp_agent.models.offline.imports import Import, add_import
from lsp_agent.models.offline.modules import (
    absolute,
    is_test,
    module_of,
    relative,
    sees,
)
from lsp_agent.models.offline.names import undefined_name
from lsp_agent.models.offline.problem import (
    NONE,
    Candidate,
    Candidates,
    Hit,
    NeedsFiles,
    NeedsSearch,
    Problem,
    Rule,
)
from lsp_agent.models.offline.source import Source

_PYTHON = "*.py"
_PACKAGES = NeedsFiles(glob="**/__init__.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the file with the problem stands among the packages."""

    path: str
    module: str | None
    folders: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    wanted: Import
    own_tops: frozenset[str]


def _candidates(problem: Problem) -> Candidates:
    name, source = undefined_name(problem), problem.source
    if name is None or source is None:
        return NONE
    search = NeedsSearch(pattern=_pattern(name), glob=_PYTHON)
    for need in (search, _PACKAGES):
        if need not in problem.facts:
            return need
    hits, packages = problem.facts[search], problem.facts[_PACKAGES]
    if not hits or packages is None:
        return NONE
    layout = _layout(problem.path, packages)
    others = [hit for hit in hits if hit.path != problem.path]
    imported, defined = _imported_elsewhere(others, name, layout), _defined_in(others, name, layout)
    choices = (imported & defined) or imported or defined
    if len(choices) != 1:
        return NONE
    tops = _own_tops(layout, defined)
    return _checked(problem, source, layout, _Choice(wanted=choices.pop(), own_tops=tops))


def _pattern(name: str) -> str:
    word = re.escape(name)
    return (
        rf"^(class|def|async def)\s+{word}\b|^{word}\s*[:=]"
        rf"|^\s*from\s+\S+\s+import\s+[^#]*\b{word}\b|^\s*import\s+(\S+\s+as\s+)?{word}\b"
    )


def _layout(path: str, packages: Iterable[Hit]) -> _Layout:
    folders = frozenset(hit.path.rpartition("/")[0] for hit in packages) - {""}
    return _Layout(path=path, module=module_of(path, folders), folders=folders)


def _imported_elsewhere(hits: Iterable[Hit], name: str, layout: _Layout) -> set[Import]:
    """Give the imports by which other files have the name."""
    found: set[Import] = set()
    for hit in hits:
        found |= {one for one in _imports_in(hit, name, layout) if _may_use(layout.path, one)}
    return found


def _may_use(path: str, wanted: Import) -> bool:
    """Product code imports nothing from tests."""
    return is_test(path) or not is_test(wanted.module.replace(".", "/") + ".py")


def _imports_in(hit: Hit, name: str, layout: _Layout) -> set[Import]:
    statement = _parsed(hit.text)
    if isinstance(statement, ast.Import):
        return {
            Import(module=alias.name, alias=alias.asname)
            for alias in statement.names
            if (alias.asname or alias.name) == name
        }
    if not isinstance(statement, ast.ImportFrom):
        return set()
    theirs = module_of(hit.path, layout.folders) or ""
    module = absolute(statement.module or "", statement.level, theirs, own_path=hit.path)
    return {
        Import(module=module, name=alias.name, alias=alias.asname)
        for alias in statement.names
        if (alias.asname or alias.name) == name and module and module != "__future__"
    }


def _parsed(line: str) -> ast.stmt | None:
    text = line.strip()
    try:
        body = ast.parse(text + ")" if text.count("(") > text.count(")") else text).body
    except SyntaxError:
        return None
    return body[0] if len(body) == 1 else None


def _defined_in(hits: Iterable[Hit], name: str, layout: _Layout) -> set[Import]:
    """Give the imports of the modules that define the name at their top level."""
    found: set[Import] = set()
    definition = re.compile(rf"(class|def|async def)\s+{name}\b|{name}\s*(:|=(?!=))")
    for hit in hits:
        if not definition.match(hit.text) or (is_test(hit.path) and not is_test(layout.path)):
            continue
        module = module_of(hit.path, layout.folders)
        if module is None or not sees(layout.path, hit.path, layout.folders):
            # It is there, but nobody knows by which name: that makes any other answer a guess.
            return set()
        found.add(Import(module=module, name=name))
    return found


def _own_tops(layout: _Layout, defined: Iterable[Import]) -> frozenset[str]:
    """Give the top-level names that belong to the workspace itself."""
    packages = {f.rpartition("/")[2] for f in layout.folders if _parent(f) not in layout.folders}
    modules = {one.module.partition(".")[0] for one in defined}
    return frozenset(packages | modules)


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]


def _checked(problem: Problem, source: Source, layout: _Layout, choice: _Choice) -> Candidates:
    """Refuse an import of the file itself, or of one that imports it back."""
    wanted, own = choice.wanted, layout.module
    if own is not None and wanted.module == own:
        return NONE
    if own is not None and wanted.module.partition(".")[0] in choice.own_tops:
        target = wanted.module.replace(".", "/")
        back = NeedsSearch(pattern=r"^(from|import)\s", glob=f"**/{target}{{.py,/__init__.py}}")
        if back not in problem.facts:
            return back
        lines = problem.facts[back]
        if lines is None or any(_leads_to(hit, own, layout) for hit in lines):
            return NONE
    written = _in_own_style(source, layout, choice)
    edit = add_import(source, written, first_party=choice.own_tops)
    return (Candidate(title=f"Add `{written.statement}`", edits=(edit,)),)


def _leads_to(hit: Hit, own: str, layout: _Layout) -> bool:
    statement = _parsed(hit.text)
    if isinstance(statement, ast.Import):
        return any(alias.name == own for alias in statement.names)
    if not isinstance(statement, ast.ImportFrom):
        # The line cannot be read alone, as the first of several: look for the name in it.
        return own.rpartition(".")[2] in hit.text
    theirs = module_of(hit.path, layout.folders) or ""
    module = absolute(statement.module or "", statement.level, theirs, own_path=hit.path) or ""
    return module == own or any(f"{module}.{alias.name}" == own for alias in statement.names)


def _in_own_style(source: Source, layout: _Layout, choice: _Choice) -> Import:
    """Write the import relative if that is how the file imports its own package."""
    wanted, own = choice.wanted, layout.module
    if own is None or wanted.name is None:
        return wanted
    top = own.partition(".")[0]
    froms = [node for node in top_imports(source) if isinstance(node, ast.ImportFrom)]
    is_relative = any(node.level for node in froms) and not any(
        node.level == 0 and (node.module or "").partition(".")[0] == top for node in froms
    )
    module = relative(wanted.module, own, own_path=layout.path) if is_relative else None
    return replace(wanted, module=module) if module else wanted


RULE = Rule(
    name="workspace_import",
    applies=lambda problem: undefined_name(problem) is not None,
    candidates=_candidates,
)
