"""What people write for a symbol is understood, or refused with near names."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.naming import item_of, locate
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound
from tests.mcp_tools.code.navigation.built import built_codebase

_FILES = {
    "src/pkg/__init__.py": "",
    "src/pkg/mod.py": (
        "class Job:\n"
        "    def run(self, speed):\n"
        "        helper(speed)\n"
        "\n"
        "def helper(x): ...\n"
        "def only_here(): ...\n"
    ),
    "other.py": "from pkg.mod import Job\ndef helper(): ...\n",
}


@pytest.fixture
def codebase(tmp_path: Path) -> CodebaseView:
    return built_codebase(_FILES, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "pkg.mod:Job.run",
        "pkg.mod.Job.run",
        "src/pkg/mod.py:Job/run",
        "src/pkg/mod.py:Job.run",
        "mod.py:Job/run",
        "Job/run",
        "run",
        "src/pkg/mod.py:2",
        "src/pkg/mod.py:3",
        "src/pkg/mod.py:2:9",
    ],
)
def test_a_method_is_named_in_many_ways(codebase: CodebaseView, text: str) -> None:
    item = item_of(codebase, locate(codebase, text))
    assert (item.file, item.path) == ("src/pkg/mod.py", "Job/run")


def test_a_place_gives_what_the_name_there_means(codebase: CodebaseView) -> None:
    item = item_of(codebase, locate(codebase, "src/pkg/mod.py:3:9"))
    assert item.path == "helper"
    parameter = item_of(codebase, locate(codebase, "src/pkg/mod.py:3:16"))
    assert (parameter.path, parameter.kind) == ("Job/run/speed", "parameter")


def test_files_and_modules_are_named_alone(codebase: CodebaseView) -> None:
    module = Target("src/pkg/mod.py", MODULE, "")
    assert locate(codebase, "src/pkg/mod.py") == module
    assert locate(codebase, "pkg.mod") == module
    assert item_of(codebase, module).name == "mod"
    package = item_of(codebase, locate(codebase, "pkg"))
    assert (package.name, package.path, package.kind) == ("pkg", "", "module")


def test_a_name_of_several_symbols_is_refused_with_all_of_them(codebase: CodebaseView) -> None:
    with pytest.raises(NotFound, match=r"2 symbols.*other\.py:helper, src/pkg/mod\.py:helper"):
        locate(codebase, "helper")


def test_an_unknown_name_is_refused_with_near_ones(codebase: CodebaseView) -> None:
    with pytest.raises(NotFound, match="only_here"):
        locate(codebase, "only_her")


@pytest.mark.parametrize(
    "text", ["nowhere.py:f", "other.py:99", "other.py:99:1", "other.py:2:1", "nope:", "", ":", "/"]
)
def test_what_means_nothing_is_refused(codebase: CodebaseView, text: str) -> None:
    with pytest.raises(NotFound):
        locate(codebase, text)
