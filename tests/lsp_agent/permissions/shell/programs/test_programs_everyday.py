"""What developers type all day to read is not asked about.

What is asked all the same is listed with the reason.
"""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from lsp_agent.permissions.shell.judging import judge_line
from mcp_tools.types.calls import Risk
from tests.lsp_agent.permissions.shell.programs.workspace import RichMachine

EVERYDAY = Path(__file__).with_name("everyday.txt").read_text(encoding="utf-8").splitlines()

ASKED = {
    'find . -name "*.py" | xargs wc -l': "a name with a blank in it becomes two names",
    'find . -name "*.py" -print0 | xargs -0 grep -n "import os"': "names from an unseen input",
    'find src -name "*.ts" -exec grep -l foo {} +': "an action on files, links among them",
    "diff -ru src tests": "links in the folders are followed",
    "ls -d */": "what a glob without a folder stands for may look like an option",
    'grep -rn "foo" . --exclude-dir={node_modules,dist}': "braces make several words of one",
    "wc -l $(git ls-files '*.py')": "what is substituted is not known before it runs",
    "env | sort": "variables may hold credentials",
    "ps aux | grep node": "command lines may hold credentials",
}


def test_there_are_more_than_three_hundred_and_each_once() -> None:
    assert len(set(EVERYDAY)) == len(EVERYDAY) > 300
    assert set(ASKED) <= set(EVERYDAY)


@pytest.fixture
def steady() -> Iterator[None]:
    """No pause to collect garbage of other tests counts as time to judge."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("steady")
def test_what_is_asked_has_a_reason_and_is_two_of_a_hundred(root: Path) -> None:
    judge_line("true", root, root, RichMachine())  # The first one loads the grammar of bash.
    judged = {line: judge_line(line, root, root, RichMachine()) for line in EVERYDAY}
    asked = {line for line, judgement in judged.items() if judgement.risk is not Risk.LOW}
    assert asked <= set(ASKED), {line: judged[line].findings for line in asked - set(ASKED)}
    assert len(asked) <= len(EVERYDAY) * 0.02
