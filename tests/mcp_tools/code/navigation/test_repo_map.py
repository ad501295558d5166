"""The map shows the most important definitions in the room that there is."""

from pathlib import Path

from mcp_tools.code.navigation.repo_map import CHARS_A_TOKEN, RepoMapWish, repo_map
from tests.support.codebases import codebase_of

_FILES = {
    "core.py": (
        "class Engine:\n    def start(self, speed: int) -> None: ...\n    def odd(self): ...\n"
    ),
    "a.py": "from core import Engine\ndef first(): Engine().start(1)\n",
    "b.py": "from core import Engine\ndef second(): Engine().start(2)\n",
    "billing.py": "def invoice(total): ...\n",
    "shop.py": "from billing import invoice\ninvoice(1)\n",
}


def test_what_is_named_most_comes_first(tmp_path: Path) -> None:
    found = repo_map(codebase_of(_FILES, tmp_path), RepoMapWish(max_tokens=30))
    assert found.text.startswith(
        "core.py\n  class Engine\n    def start(self, speed: int) -> None\n"
    )
    assert found.n_files == 5


def test_words_of_the_task_pull_up_what_they_name(tmp_path: Path) -> None:
    wish = RepoMapWish(words="Fix the rounding in invoice()", max_tokens=12)
    found = repo_map(codebase_of(_FILES, tmp_path), wish)
    assert found.text == "billing.py\n  def invoice(total)\n"


def test_files_of_the_task_pull_up_what_they_need(tmp_path: Path) -> None:
    wish = RepoMapWish(files=("shop.py",), max_tokens=12)
    found = repo_map(codebase_of(_FILES, tmp_path), wish)
    assert [each.file for each in found.files] == ["billing.py"]


def test_the_text_fits(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    for max_tokens in (0, 1, 5, 10, 20, 40, 1000):
        found = repo_map(codebase, RepoMapWish(max_tokens=max_tokens))
        assert len(found.text) <= max_tokens * CHARS_A_TOKEN
        assert found.n_tokens <= max_tokens


def test_with_room_for_all_everything_is_there(tmp_path: Path) -> None:
    found = repo_map(codebase_of(_FILES, tmp_path), RepoMapWish(max_tokens=1000))
    names = {item.name for each in found.files for item in each.items}
    assert {"Engine", "start", "first", "second", "invoice"} <= names


def test_an_empty_code_base_has_an_empty_map(tmp_path: Path) -> None:
    found = repo_map(codebase_of({}, tmp_path), RepoMapWish())
    assert (found.text, found.files) == ("", ())
