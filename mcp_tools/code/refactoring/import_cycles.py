"""Which modules importing a module imports."""

from mcp_tools.resolution.resolver import Resolver
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import MODULE_SCOPE, BindingKind

_MAX_FILES = 500
"""Modules that are looked at; a longer way is not found."""
_IMPORTS = (BindingKind.IMPORT, BindingKind.STAR_IMPORT)


def imports_lead(codebase: CodebaseView, start: str, goal: str) -> bool:
    """Tell whether the imports at the top of one file lead to another, directly or not.

    Imports under `if TYPE_CHECKING` count as well.
    """
    resolver = Resolver(codebase)
    seen: set[str] = set()
    waiting = [start]
    while waiting and len(seen) < _MAX_FILES:
        file = waiting.pop(0)
        if file in seen:
            continue
        seen.add(file)
        facts = codebase.facts(file)
        for binding in facts.bindings if facts else ():
            if binding.scope != MODULE_SCOPE or binding.kind not in _IMPORTS:
                continue
            found = {target.file for target in resolver.resolve(file, binding.value).targets}
            if goal in found:
                return True
            waiting += sorted(name for name in found if not name.startswith("/"))
    return False
