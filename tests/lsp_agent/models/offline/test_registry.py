"""Rules are found by their files; nothing heavy is imported before its need."""

import subprocess
import sys
from pathlib import Path

from lsp_agent.models.offline import rules
from lsp_agent.models.offline.registry import all_rules


def test_every_file_of_the_folder_is_a_rule() -> None:
    folder = Path(next(iter(rules.__path__)))
    names = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert [rule.name for rule in all_rules()] == names


def test_the_engine_starts_without_the_heavy_libraries() -> None:
    program = (
        "import sys, lsp_agent.models.offline.engine\n"
        "print(*sorted({'jedi', 'parso', 'rapidfuzz', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[4],
        timeout=30,
    )
    assert done.stdout.strip() == ""


def test_not_even_the_rules_import_jedi() -> None:
    program = (
        "import sys\n"
        "from lsp_agent.models.offline.registry import all_rules\n"
        "from lsp_agent.models.offline.stubs import homes\n"
        "all_rules(), homes('Decimal')\n"
        "print('jedi' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[4],
        timeout=30,
    )
    assert done.stdout.strip() == "False"
