"""The installer of Neovim, as far as it goes without a network."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.neovim.driver import REPOSITORY
from tests.e2e.neovim.fake_programs import write_program

pytestmark = pytest.mark.e2e

# What the script needs before it looks for a package manager.
PROGRAMS = ("bash", "cat", "dirname", "env", "head", "mktemp", "rm", "sed", "sort")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The installer in an empty checkout."""
    (tmp_path / "checkout/tools").mkdir(parents=True)
    return Path(shutil.copy(REPOSITORY / "tools/install_neovim.sh", tmp_path / "checkout/tools"))


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder for the PATH without a package manager and without Neovim."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in PROGRAMS:
        program = shutil.which(name)
        assert program, f"the installer needs {name!r} on the PATH"
        (folder / name).symlink_to(program)
    return folder


def install(script: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the installer with nothing else in its environment than `env`."""
    return subprocess.run(
        [env["PATH"] + "/bash", str(script)],
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=5,
        check=False,
    )


def test_a_new_enough_neovim_on_the_path_is_left_alone(script: Path, bare_path: Path) -> None:
    program = write_program(bare_path / "nvim", "0.11.5")
    done = install(script, {"PATH": str(bare_path)})
    assert done.returncode == 0
    assert done.stderr == f"install_neovim: using Neovim 0.11.5 at {program}\n"


def test_the_neovim_of_an_earlier_run_is_used_again(script: Path, bare_path: Path) -> None:
    write_program(bare_path / "nvim", "0.9.5")
    program = write_program(script.parents[1] / ".tools/nvim/bin/nvim", "0.12.4")
    done = install(script, {"PATH": str(bare_path), "NVIM": str(script.parent / "missing")})
    assert done.returncode == 0
    assert done.stderr == f"install_neovim: using Neovim 0.12.4 at {program}\n"


def test_a_machine_without_apt_is_told_what_to_install(script: Path, bare_path: Path) -> None:
    write_program(bare_path / "nvim", "0.10.4")
    done = install(script, {"PATH": str(bare_path)})
    assert done.returncode == 1
    assert "brew install neovim" in done.stderr
    assert "https://github.com/neovim/neovim/releases" in done.stderr
    assert not (script.parents[1] / ".tools").exists()
