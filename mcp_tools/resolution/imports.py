"""Where a name that is bound in some scope comes from, behind all imports on the way.

Import chains, re-exports, star imports with and without `__all__`, submodules as attributes of
their package and cycles are followed. What a module without source gives stays where it is
imported: the local name is then its own origin.
"""

from mcp_tools.resolution.files import Files
from mcp_tools.resolution.modules import Modules
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.facts import MODULE_SCOPE, Binding, BindingKind, Op

Origins = tuple[Target, ...]
_Place = tuple[str, int, str]


def module_target(file: str) -> Target:
    """Give the target that a module is."""
    return Target(file, MODULE, "")


class Imports:
    """Follows names through the imports of the files of one view."""

    def __init__(self, files: Files, modules: Modules) -> None:
        """Start with nothing followed."""
        self._files = files
        self._modules = modules
        self._origins: dict[_Place, Origins] = {}
        self._following: set[_Place] = set()

    def origins(self, file: str, scope: int, name: str) -> Origins:
        """Give what a name bound in a scope is, sorted as it is bound; empty if it is not bound.

        Star imports and submodules count as bindings of a module's scope.
        """
        place = (file, scope, name)
        known = self._origins.get(place)
        if known is not None:
            return known
        if place in self._following:
            return ()
        self._following.add(place)
        try:
            found = self._follow(file, scope, name)
        finally:
            self._following.discard(place)
        # Within a cycle of imports the answer depends on where the cycle was entered.
        if found or not self._following:
            self._origins[place] = found
        return found

    def _follow(self, file: str, scope: int, name: str) -> Origins:
        loaded = self._files.load(file)
        if loaded is None:
            return self._submodule(file, name) if scope == MODULE_SCOPE else ()
        scopes = loaded.scopes
        found: dict[Target, None] = {}
        own = Target(file, scope, name)
        for binding in scopes.bindings(scope, name):
            for target in self._of_binding(scopes, binding) or (own,):
                found[target] = None
        if found:
            return tuple(found)
        starred = self._starred(scopes, scope, name)
        if starred or scope != MODULE_SCOPE:
            return starred
        return self._submodule(file, name)

    def _of_binding(self, scopes: FileScopes, binding: Binding) -> Origins:
        if binding.kind != BindingKind.IMPORT:
            return ()
        return self.imported(scopes, binding.value)

    def imported(self, scopes: FileScopes, term: int) -> Origins:
        """Give what an IMPORTED or MODULE term brings in; empty if that is in no source."""
        facts = scopes.facts
        module_name = facts.names[facts.b[term]]
        if facts.ops[term] != Op.MODULE:
            return self.brought_in(scopes.file, module_name, scopes.name_of(term))
        module = self._modules.find(module_name, scopes.file)
        return () if module is None else (module_target(module),)

    def brought_in(self, file: str, module_name: str, name: str) -> Origins:
        """Give what `from module_name import name` brings into a file."""
        module = self._modules.find(module_name, file)
        if module is None:
            return ()
        if module == file and (found := self._submodule(module, name)):
            return found
        return self.member(module, name) or self._submodule(module, name)

    def member(self, module: str, name: str) -> Origins:
        """Give what a name means as an attribute of a module."""
        return self.origins(module, MODULE_SCOPE, name)

    def _starred(self, scopes: FileScopes, scope: int, name: str) -> Origins:
        facts = scopes.facts
        for term in reversed(scopes.star_imports.get(scope, ())):
            module = self._modules.find(facts.names[facts.b[term]], scopes.file)
            if module is not None and self._is_exported(module, name):
                found = self.member(module, name)
                if found:
                    return found
        return ()

    def _is_exported(self, module: str, name: str) -> bool:
        loaded = self._files.load(module)
        if loaded is None:
            return False
        facts = loaded.scopes.facts
        if facts.exports is None or facts.is_export_open:
            if not name.startswith("_"):
                return True
            return facts.exports is not None and self._is_listed(loaded.scopes, name)
        return self._is_listed(loaded.scopes, name)

    @staticmethod
    def _is_listed(scopes: FileScopes, name: str) -> bool:
        exports = scopes.facts.exports or ()
        return scopes.facts.name_numbers.get(name, -1) in exports

    def _submodule(self, file: str, name: str) -> Origins:
        module = self._modules.child(file, name)
        return (module_target(module),) if module is not None else ()
