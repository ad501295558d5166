"""Dead is what nothing refers to and nothing may reach."""

from pathlib import Path

from mcp_tools.code.navigation.dead_symbols import DeadSymbols, dead_symbols
from tests.support.codebases import codebase_of

_FILES = {
    "pyproject.toml": '[project.scripts]\nrun = "a:started_by_script"\n',
    "a.py": (
        "import unknown\n"
        "__all__ = ['exported']\n"
        "def exported(): ...\n"
        "def used(): ...\n"
        "def unused():\n    unused()\n"
        "def started_by_script(): ...\n"
        "def test_something(): ...\n"
        "@unknown.register\ndef registered(): ...\n"
        "LIMIT = 1\n"
        "OTHER = 2\n"
        "class A:\n"
        "    def __len__(self): ...\n"
        "    def called(self): ...\n"
        "    def not_called(self): ...\n"
        "    def maybe(self): ...\n"
        "class B(unknown.Base):\n"
        "    def hook(self): ...\n"
        "B\n"
    ),
    "pkg/b.py": "from a import used, A, LIMIT\nused(LIMIT)\nA().called()\ndef f(x): x.maybe()\n",
}


def _shown(found: DeadSymbols) -> list[str]:
    return [f"{dead.item.file}:{dead.item.path} {dead.n_textual}" for dead in found.symbols]


def test_only_what_nothing_can_reach_is_dead(tmp_path: Path) -> None:
    found = dead_symbols(codebase_of(_FILES, tmp_path))
    assert _shown(found) == [
        "a.py:unused 0",
        "a.py:OTHER 0",
        "a.py:A/not_called 0",
        "a.py:A/maybe 1",
        "pkg/b.py:f 0",
    ]
    assert found.is_complete


def test_one_folder_can_be_looked_at(tmp_path: Path) -> None:
    found = dead_symbols(codebase_of(_FILES, tmp_path), "pkg")
    assert (_shown(found), found.n_files) == (["pkg/b.py:f 0"], 1)


def test_a_budget_that_ends_says_where(tmp_path: Path) -> None:
    found = dead_symbols(codebase_of(_FILES, tmp_path), max_resolved=1)
    assert not found.is_complete
    assert (found.next_file, found.n_files) == ("a.py", 0)
