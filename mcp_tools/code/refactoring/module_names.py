"""How one module of the workspace names another one in an import."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from mcp_tools.resolution.modules import Modules, WorkspaceModules
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit


class ModuleNames:
    """Names of modules, those of files that are still to be made included."""

    def __init__(self, codebase: CodebaseView, new_files: Sequence[str] = ()) -> None:
        """Know the files of the workspace."""
        self._workspace = WorkspaceModules(sorted({*codebase.files(), *new_files}))
        self._modules = Modules(codebase, self._workspace)

    def absolute(self, file: str) -> str:
        """Give the dotted name of a module.

        Raises: InvalidEdit if it has none that an import could say.
        """
        name = file[len(self._root(file)) :].rsplit(".", 1)[0].removesuffix("__init__").rstrip("/")
        name = name.replace("/", ".")
        if not name or not all(part.isidentifier() for part in name.split(".")):
            raise InvalidEdit(f"{file!r} is no module that can be imported by name")
        return name

    def as_seen(self, file: str, importer: str, *, is_relative: bool) -> str:
        """Give what stands behind `from` in a file to import from another one.

        Relative if that is asked for, and both are in one package.
        """
        name = self.absolute(file)
        if not is_relative or self._root(file) != self._root(importer):
            return name
        package, parts = self._package(importer), name.split(".")
        n_common = 0
        while n_common < min(len(package), len(parts)) and package[n_common] == parts[n_common]:
            n_common += 1
        if not n_common:
            return name
        return "." * (len(package) - n_common + 1) + ".".join(parts[n_common:])

    def file(self, module: str, importer: str) -> str | None:
        """Give the file of a module as an import names it; None if it is not known."""
        return self._modules.find(module, importer)

    def adapted(self, module: str, importer: str, new_importer: str) -> str:
        """Give a module's name, as one file writes it, for an import in another file."""
        if not module.startswith("."):
            return module
        package = self._package(importer)
        rest = module.lstrip(".")
        n_up = len(module) - len(rest) - 1
        base = package[: len(package) - n_up]
        full = ".".join([*base, rest] if rest else base)
        file = self.file(module, importer)
        if file is None or file.startswith("/") or file.endswith("/"):
            return full
        return self.as_seen(file, new_importer, is_relative=True)

    def _root(self, file: str) -> str:
        """Give the folder in which the outermost package lies; empty or ends in `/`.

        A folder without `__init__.py` below a package is a part of the package.
        """
        root = self._workspace.root_of(file)
        while root:
            above = root[: root.rfind("/", 0, -1) + 1]
            if self._workspace.file_at(f"{above}__init__") is None:
                break
            root = self._workspace.root_of(f"{above}__init__.py")
        return root

    def _package(self, file: str) -> list[str]:
        """Give the parts of the name of the package that a file is in, or is."""
        folder = PurePosixPath(file[len(self._root(file)) :]).parent
        return [part for part in folder.parts if part != "."]
