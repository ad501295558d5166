"""Edits that wait for review do not heap up unseen."""

import subprocess
import sys

from tests.lsp_agent.cli.conftest import propose, shown_json
from tests.lsp_agent.cli.program import LIMIT_S, Program

SAVE = """\
import sys
from pathlib import Path
from lsp_agent.config.settings import state_folder
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.proposals import Proposal, ProposedFile

root = Path.cwd()
shelf = Shelf(Journal(state_folder(root), root))
for number in range(int(sys.argv[1])):
    files = {root / f"{number}.txt": ProposedFile(base=None, content=f"{number}\\n")}
    shelf.save(Proposal(id=f"{number:012x}", label=f"Edit {number}", files=files))
"""
"""Puts so many proposals on the shelf."""


def save(program: Program, n_proposals: int) -> None:
    subprocess.run(
        [sys.executable, "-c", SAVE, str(n_proposals)],
        cwd=program.cwd,
        env=program.environment,
        timeout=LIMIT_S,
        check=True,
    )


def test_above_twenty_proposals_it_is_said_how_to_be_rid_of_them(plain: Program) -> None:
    save(plain, 19)
    arguments = ("run", "--", "sh", "-c")
    assert "proposals wait for review" not in plain.run(*arguments, "echo >a").stderr
    done = plain.run(*arguments, "echo >b")
    assert "21 proposals wait for review" in done.stderr
    assert "`lsp-agent review all --reject` forgets them" in done.stderr
    assert plain.run("review", "all", "--reject").returncode == 0
    assert shown_json(plain, "review")["proposals"] == []


def test_what_the_files_have_by_now_is_forgotten_with_the_next_proposal(plain: Program) -> None:
    save(plain, 2)
    (plain.cwd / "0.txt").write_text("0\n", encoding="utf-8")
    proposal_id = propose(plain, "echo >a")
    (plain.cwd / "0.txt").unlink()
    # It would fit again by now, if it were still kept.
    ids = [proposal["id"] for proposal in shown_json(plain, "review")["proposals"]]
    assert ids == [f"{1:012x}", proposal_id]
