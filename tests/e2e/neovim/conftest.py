"""A project to work on and a Neovim to open it, fresh for every test."""

from pathlib import Path

import pytest

from tests.e2e.neovim.driver import NeovimRun, find_nvim
from tests.e2e.neovim.projects import write_invoices


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The invoices project, which nobody else uses."""
    return write_invoices(tmp_path)


@pytest.fixture
def neovim(tmp_path: Path, project: Path) -> NeovimRun:
    """Neovim with our plugin and the real server, ready to open the project."""
    return NeovimRun(nvim=find_nvim(), home=tmp_path / "home", project=project)
