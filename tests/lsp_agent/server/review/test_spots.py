"""Where hunks are in the documents that an editor shows."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.convert import uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.review.document import IN_A_FILE, rendered
from lsp_agent.server.review.port import Waiting
from lsp_agent.server.review.spots import gist_of, waiting_in, waiting_in_page
from mcp_tools.types.contents import State
from mcp_tools.workspace.proposals import Proposal, wish_between
from mcp_tools.workspace.workspace import Put, SetBuffer
from tests.lsp_agent.server.proposed import Texts, proposed, review

OLD = "one\ntwo 𝄞é\nthree\n"


def at(line: int, character: int = 0) -> lsp.Position:
    return lsp.Position(line, character)


def waiting(
    root: Path, before: str, after: str, encoding: str = "utf-16", typed: str | None = None
) -> Waiting:
    workspace = proposed(root, {"a.py": before}, {"a.py": after})
    path = workspace.root / "a.py"
    text = before if typed is None else typed
    workspace.apply(SetBuffer(path=path, text=text, version=1))
    document = OpenDocument(uri="file:///A.py", language_id="python", version=1, text=text)
    return waiting_in(review(workspace), path, document, encoding)


@pytest.mark.parametrize(
    ("after", "start", "end"),
    [
        ("ONE\ntwo 𝄞é\nthree\n", at(0), at(0, 3)),
        ("one\n2\nthree\n", at(1), at(1, 7)),
        ("three\n", at(0), at(1, 7)),
        ("new\none\ntwo 𝄞é\nthree\n", at(0), at(0)),
        ("one\nnew\ntwo 𝄞é\nthree\n", at(1), at(1)),
        ("one\ntwo 𝄞é\nthree\nnew\n", at(3), at(3)),
        ("one\ntwo 𝄞é\n", at(2), at(2, 5)),
    ],
)
def test_a_hunk_is_at_the_lines_that_it_changes(
    tmp_path: Path, after: str, start: lsp.Position, end: lsp.Position
) -> None:
    (hunk,) = waiting(tmp_path, OLD, after).hunks
    assert hunk.range == lsp.Range(start, end)
    assert hunk.uri == "file:///A.py"


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", 10), ("utf-16", 7), ("utf-32", 6)])
def test_an_end_counts_what_the_client_counts(tmp_path: Path, encoding: str, end: int) -> None:
    (hunk,) = waiting(tmp_path, OLD, "one\n2\nthree\n", encoding).hunks
    assert hunk.range.end == at(1, end)


def test_a_hunk_moves_with_what_is_typed_above(tmp_path: Path) -> None:
    typed = "typed\r\n\r" + OLD
    (hunk,) = waiting(tmp_path, OLD, "one\n2\nthree\n", typed=typed).hunks
    assert hunk.range.start == at(3)


def test_a_stale_hunk_is_anywhere_in_its_file(tmp_path: Path) -> None:
    found = waiting(tmp_path, OLD, "one\n2\nthree\n", typed="one\nII\nthree\n")
    (hunk,) = found.hunks
    assert hunk.stale.startswith("line 2 of 'a.py' was changed")
    assert hunk.range.start == at(0)
    assert (found.n_hunks, found.n_stale, found.files[0].n_stale) == (0, 1, 1)


def test_only_what_is_at_the_cursor_is_meant(tmp_path: Path) -> None:
    found = waiting(tmp_path, OLD, "ONE\ntwo 𝄞é\nTHREE\n")
    assert len(found.hunks) == 2
    assert [h.gist for h in found.at(lsp.Range(at(0, 2), at(0, 2))).hunks] == ["ONE (+1 -1)"]
    assert found.at(lsp.Range(at(1), at(1))).hunks == ()
    assert len(found.at(lsp.Range(at(0), at(2))).hunks) == 2
    assert len(found.at(lsp.Range(at(1), at(1))).files) == 1


def test_another_file_of_the_proposal_has_no_hunks_but_counts(tmp_path: Path) -> None:
    workspace = proposed(tmp_path, {"a.py": "x\n"}, {"a.py": "y\n", "b.py": "z\n"})
    path = workspace.root / "c.py"
    document = OpenDocument(uri=uri_of(path), language_id="python", version=1, text="")
    found = waiting_in(review(workspace), path, document, "utf-16")
    assert (found.n_hunks, found.n_files, found.hunks, found.files) == (2, 2, (), ())


@pytest.mark.parametrize(
    ("before", "after", "gist"),
    [
        ({"a": "x\n"}, {"a": "\n  new line  \n"}, "new line (+2 -1)"),
        ({"a": "old\nx\n"}, {"a": "x\n"}, "old (+0 -1)"),
        ({"a": "x\n"}, {"a": "\nx\n"}, "empty lines (+1 -0)"),
        ({"a": "x\n"}, {"a": "y" * 99 + "\n"}, "y" * 47 + "… (+1 -1)"),
        ({}, {"new/a": "x\n"}, "create a"),
        ({"a": "x\n"}, {"a": None}, "delete a"),
    ],
)
def test_a_gist_tells_a_hunk_from_others(
    tmp_path: Path, before: Texts, after: Texts, gist: str
) -> None:
    (file,) = review(proposed(tmp_path, before, after)).files
    assert gist_of(file.hunks[0], file) == gist


def test_what_is_more_than_text_has_a_gist_too(tmp_path: Path) -> None:
    workspace = proposed(tmp_path, {"a": "x\n"}, {})
    path = workspace.root / "a"
    mode = wish_between(State(content="x\n"), State(content="x\n", mode=0o755))
    workspace.apply(Put(Proposal(id="p", label="x", files={path: mode})))
    (file,) = review(workspace).files
    assert gist_of(file.hunks[0], file) == "permissions 0755"
    bom = wish_between(State(content="x\n"), State(content="x\n", has_bom=True))
    workspace.apply(Put(Proposal(id="p", label="x", files={path: bom})))
    (file,) = review(workspace).files
    assert gist_of(file.hunks[0], file) == "replace a"


def test_a_page_has_spots_for_its_own_lines(tmp_path: Path) -> None:
    workspace = proposed(tmp_path, {"a.py": OLD}, {"a.py": "ONE\ntwo 𝄞é\nTHREE\n", "b.py": "z\n"})
    text = rendered(review(workspace), workspace.root, IN_A_FILE)
    text = text.replace("+THREE\n", "+THREE\n> why\n> so\n").replace("\n\n", "\n> all\n\n", 1)
    found = waiting_in_page(review(workspace), workspace.root, text)
    lines = text.split("\n")
    assert [lines[hunk.range.start.line][:2] for hunk in found.hunks] == ["@@"] * 3
    assert lines[found.hunks[1].range.end.line] == "> so"
    assert [hunk.uri for hunk in found.hunks] == [
        uri_of(workspace.root / n) for n in ("a.py", "a.py", "b.py")
    ]
    assert [(remark.uri, remark.hunk_id, remark.text) for remark in found.remarks] == [
        (None, None, "all"),
        (uri_of(workspace.root / "a.py"), found.hunks[1].hunk_id, "why\nso"),
    ]
