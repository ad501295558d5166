"""From the name of a module to its file, in the workspace or outside of it.

A module is looked for below the *roots*: the folder in which the packages of the importing file
start, the folders above that, the workspace root and its `src`, and at last any other folder of
the workspace in which a package of that name starts, as in a repository of several projects.
Behind the workspace come the standard library and the installed packages. A source is preferred
to a stub beside it. A folder with source files below and no `__init__.py` is a namespace package.
"""

import sys
from collections.abc import Sequence
from functools import cached_property

from mcp_tools.types.codebase import CodebaseView

_SUFFIXES = ("/__init__.py", ".py", "/__init__.pyi", ".pyi")
_INITS = ("__init__.py", "__init__.pyi")


class WorkspaceModules:
    """The modules of the workspace; valid as long as it has the same files."""

    def __init__(self, files: Sequence[str]) -> None:
        """Know the files, sorted."""
        self.files = files
        self._known = frozenset(files)
        self._roots: dict[str, str] = {}
        self._found: dict[tuple[str, str], str | None] = {}

    def root_of(self, file: str) -> str:
        """Give the folder in which the outermost package of a file lies; empty or ends in `/`."""
        folder = file[: file.rfind("/") + 1]
        root = self._roots.get(folder)
        if root is None:
            root = folder
            while root and any(root + name in self._known for name in _INITS):
                root = root[: root.rfind("/", 0, -1) + 1]
            self._roots[folder] = root
        return root

    def name_of(self, file: str) -> str:
        """Give the dotted name of a module, seen from its own root."""
        name = file[len(self.root_of(file)) :].rsplit(".", 1)[0]
        if name == "__init__":
            return ""
        return name.removesuffix("/__init__").replace("/", ".")

    def near(self, name: str, importer: str) -> str | None:
        """Give the module of a name below the roots that the importing file has by right."""
        path = name.replace(".", "/")
        root = self.root_of(importer)
        key = (root, path)
        if key not in self._found:
            self._found[key] = self._search_near(path, root)
        return self._found[key]

    def _search_near(self, path: str, root: str) -> str | None:
        roots = [root]
        while root:
            root = root[: root.rfind("/", 0, -1) + 1]
            roots.append(root)
        roots.append("src/")
        for candidate in roots:
            if found := self.file_at(candidate + path):
                return found
        top = path.split("/", 1)[0]
        for candidate in roots:
            if self.file_at(candidate + top):
                return None
        return next((r + path + "/" for r in roots if r + path in self._folders), None)

    def far(self, name: str) -> str | None:
        """Give the module of a name below any root of the workspace; the shortest is preferred."""
        top, _, _ = name.partition(".")
        path = name.replace(".", "/")
        for root in self._roots_by_top.get(top, ()):
            if found := self.file_at(root + path):
                return found
        return None

    def file_at(self, path: str) -> str | None:
        """Give the module at a path without suffix."""
        for suffix in _SUFFIXES:
            if path + suffix in self._known:
                return path + suffix
        return None

    def below(self, folder: str, name: str) -> str | None:
        """Give the module, or namespace package, of one name in a folder that ends in `/`."""
        found = self.file_at(folder + name)
        if found is None and folder + name in self._folders:
            return folder + name + "/"
        return found

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The folders that have source files somewhere below, without `/` at the end."""
        folders: set[str] = set()
        for file in self.files:
            folder = file
            while (end := folder.rfind("/")) != -1:
                folder = folder[:end]
                if folder in folders:
                    break
                folders.add(folder)
        return frozenset(folders)

    @cached_property
    def _roots_by_top(self) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for file in self.files:
            root = self.root_of(file)
            end = file.find("/", len(root))
            top = file[len(root) :].rsplit(".", 1)[0] if end == -1 else file[len(root) : end]
            found.setdefault(top, set()).add(root)
        return {top: sorted(roots, key=lambda r: (r.count("/"), r)) for top, roots in found.items()}


class Modules:
    """All modules that the files of one view can import."""

    def __init__(self, codebase: CodebaseView, workspace: WorkspaceModules) -> None:
        """Start with the modules of the workspace."""
        self._codebase = codebase
        self._workspace = workspace
        self._outside: dict[str, str | None] = {}
        self._names: dict[str, str] = {}

    def find(self, name: str, importer: str) -> str | None:
        """Give the file of a module as an import names it, dots in front included.

        A namespace package of the workspace is given as its folder, with `/` at the end.
        """
        if name.startswith("."):
            return self._relative(name, importer)
        if importer.startswith("/"):
            return self.outside(name) or self._workspace.near(name, "")
        is_standard = name.partition(".")[0] in sys.stdlib_module_names
        if is_standard and self._workspace.root_of(importer).count("/") > 1:
            return self.outside(name) or self._workspace.near(name, importer)
        near = self._workspace.near(name, importer)
        if near is not None and not near.endswith("/"):
            return near
        far = None if is_standard else self._workspace.far(name)
        return far or self.outside(name) or near

    def outside(self, name: str) -> str | None:
        """Give the file of a module of the standard library or of an installed package."""
        if name not in self._outside:
            file = self._codebase.module_outside(name)
            self._outside[name] = file
            if file is not None:
                self._names.setdefault(file, name)
        return self._outside[name]

    def child(self, module: str, name: str) -> str | None:
        """Give the module of one name within a package, itself given by its file."""
        if module.startswith("/"):
            own = self._names.get(module)
            return self.outside(f"{own}.{name}") if own and _is_package(module) else None
        if module.endswith("/"):
            return self._workspace.below(module, name)
        if not _is_package(module):
            return None
        return self._workspace.below(module[: module.rfind("/") + 1], name)

    def name_of(self, file: str) -> str:
        """Give the dotted name of a module."""
        if file.startswith("/"):
            return self._names.get(file, "")
        if file.endswith("/"):
            return file[:-1].replace("/", ".")
        return self._workspace.name_of(file)

    def _relative(self, name: str, importer: str) -> str | None:
        rest = name.lstrip(".")
        n_up = len(name) - len(rest) - 1
        if importer.startswith("/"):
            own = self._names.get(importer, "").split(".")
            n_up += 0 if _is_package(importer) else 1
            base = own[: len(own) - n_up] if n_up else own
            return self.outside(".".join([*base, rest] if rest else base))
        folder = importer[: importer.rfind("/") + 1]
        for _ in range(n_up):
            folder = folder[: folder.rfind("/", 0, -1) + 1]
        path = folder + rest.replace(".", "/")
        found = self._workspace.file_at(path if rest else folder.rstrip("/"))
        if found is None and not rest and folder == "":
            found = self._workspace.file_at("__init__") or self._workspace.below("", "__init__")
        if found is None:
            parent, _, last = path.rstrip("/").rpartition("/")
            return self._workspace.below(parent + "/" if parent else "", last) if last else None
        return found


def _is_package(file: str) -> bool:
    return file.endswith(_INITS)
