"""What resolution remembers between questions and between revisions.

An evaluation is good for one revision. That of a new revision takes over the loaded files whose
text is still the same, and starts anew with what depends on more than one file.
"""

from threading import RLock

from mcp_tools.resolution.evaluation import Evaluation
from mcp_tools.resolution.files import Files
from mcp_tools.resolution.modules import Modules, WorkspaceModules
from mcp_tools.types.codebase import CodebaseView

MAX_REVISIONS = 3
"""Editor, proposals and disk may be looked at in turn."""


class Knowledge:
    """Evaluations by revision; `lock` is to be held while one is used."""

    def __init__(self) -> None:
        """Know nothing."""
        self.lock = RLock()
        self._evaluations: dict[int, Evaluation] = {}
        self._modules: WorkspaceModules | None = None

    def evaluation(self, codebase: CodebaseView) -> Evaluation:
        """Give the evaluation for a view."""
        with self.lock:
            revision = codebase.revision
            found = self._evaluations.pop(revision, None)
            if found is None or found.files.is_outdated:
                found = self._make(codebase)
            elif found.memo.is_idle:
                found.files.codebase = codebase
            self._evaluations[revision] = found
            while len(self._evaluations) > MAX_REVISIONS:
                del self._evaluations[next(iter(self._evaluations))]
            return found

    def _make(self, codebase: CodebaseView) -> Evaluation:
        paths = codebase.files()
        if self._modules is None or self._modules.files != paths:
            self._modules = WorkspaceModules(paths)
        newest = next(reversed(self._evaluations.values()), None)
        files = Files(codebase, newest.files if newest is not None else None)
        return Evaluation(files, Modules(codebase, self._modules))
