"""The documentation's examples, run as a reader would, and its tables."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lsp_agent.testkit.faults import FAULTS
from lsp_agent.testkit.load import MATCH_FIELDS, SCRIPT_FIELDS, TURN_FIELDS, USAGE_FIELDS
from tests.lsp_agent.testkit.running import LIMIT_S, ROOT, base_url, environment, running

README = (ROOT / "lsp_agent/testkit/README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Give the fenced blocks of one language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (script,) = blocks("json")
    (tmp_path / "rename.json").write_text(script, encoding="utf-8")
    return tmp_path


def test_the_library_example_prints_what_the_readme_says(folder: Path) -> None:
    (program,) = blocks("python")
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=4 * LIMIT_S,
        check=False,
    )
    assert (result.stdout, result.stderr) == (blocks("text")[0], "")


def test_the_program_example_prints_the_line_that_the_readme_shows(folder: Path) -> None:
    (command,) = blocks("sh")
    python, minus_m, module, *options = command.split()
    assert (python, minus_m, module) == ("python", "-m", "lsp_agent.testkit")
    with running(options, folder) as process:
        url = base_url(process)
        shown = blocks("text")[1].strip()
        assert re.sub(r"\d+$", "", shown) == re.sub(r"\d+$", "", f"ANTHROPIC_BASE_URL={url}")
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0
    assert (folder / "port.txt").read_text(encoding="utf-8").strip() == url.rpartition(":")[2]
    assert (folder / "requests.jsonl").exists()


@pytest.mark.parametrize(
    "name", [*FAULTS, *SCRIPT_FIELDS, *TURN_FIELDS, *MATCH_FIELDS, *USAGE_FIELDS]
)
def test_every_name_of_a_script_is_documented(name: str) -> None:
    assert f"`{name}`" in README
