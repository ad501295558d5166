"""Changing files by a patch."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mcp_tools.code.refactoring.answering import RefactoredOutput
from mcp_tools.tools.apply_patch import TOOL
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.types.calls import Answer, EditOutcome, ToolCall
from mcp_tools.types.edits import CreateFile, DeleteFile, ModifyFile, RenameFile
from mcp_tools.types.errors import InvalidEdit, NotFound, OutsideWorkspace
from mcp_tools.workspace.diffs import unified_diff
from tests.mcp_tools.tools.asking import asker_of
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio

CLASSES = """class A:
    def run(self):
        x = 1
        return x


class B:
    def run(self):
        x = 1
        return x
"""


def envelope(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


async def apply(desk: Desk, patch: str) -> Answer:
    return await desk.call(TOOL, patch=patch)


async def test_an_envelope_changes_adds_deletes_and_moves_at_once(desk: Desk) -> None:
    desk.write("a.py", "import os\n\n\ndef f():\n    return 1\n")
    desk.write("old.txt", "old\n")
    desk.write("b.txt", "one\ntwo\n")
    await desk.call(READ_FILE, path="old.txt")
    answer = await apply(
        desk,
        envelope(
            "*** Update File: a.py",
            "@@ def f():",
            "-    return 1",
            "+    return 2",
            "*** Add File: deep/new.py",
            "+x = 1",
            "+",
            "*** Delete File: old.txt",
            "*** Update File: b.txt",
            "*** Move to: c.txt",
            "@@",
            " one",
            "-two",
            "+zwei",
        ),
    )
    assert desk.text_after(answer, "a.py") == "import os\n\n\ndef f():\n    return 2\n"
    assert desk.text_after(answer, "deep/new.py") == "x = 1\n\n"
    assert desk.text_after(answer, "old.txt") is None
    assert desk.text_after(answer, "b.txt") is None
    assert desk.text_after(answer, "c.txt") == "one\nzwei\n"
    assert answer.changes is not None
    kinds = [type(change) for change in answer.changes.files]
    assert kinds == [ModifyFile, CreateFile, DeleteFile, CreateFile, DeleteFile]
    assert desk.root.joinpath("a.py").read_text(encoding="utf-8").endswith("return 1\n")
    assert answer.text.startswith("Patch 4 files: 5 files, ")
    assert data_of(answer, RefactoredOutput).n_edits == 1


async def test_a_move_alone_keeps_the_file(desk: Desk) -> None:
    desk.write("a.txt", "x\n")
    answer = await apply(desk, envelope("*** Update File: a.txt", "*** Move to: b/a.txt"))
    assert answer.changes is not None
    (change,) = answer.changes.files
    assert isinstance(change, RenameFile)
    assert change.new_path == desk.root / "b/a.txt"


async def test_what_git_prints_is_made_wherever_its_lines_are_now(desk: Desk) -> None:
    before = "".join(f"line {n}\n" for n in range(40))
    after = before.replace("line 9\n", "nine\n").replace("line 30\n", "")
    desk.write("dir with blank/ä.txt", "# new on top\n" + before)
    patch = unified_diff("dir with blank/ä.txt", before, after)
    answer = await apply(desk, patch)
    assert desk.text_after(answer, "dir with blank/ä.txt") == "# new on top\n" + after


async def test_a_diff_of_git_itself_is_made_as_git_would(desk: Desk) -> None:
    def git(*arguments: str) -> str:
        name = ["-c", "user.name=n", "-c", "user.email=e"]
        command = ["git", *name, *arguments]
        run = subprocess.run(command, cwd=desk.root, capture_output=True, check=True, timeout=5)
        return run.stdout.decode("utf-8")

    git("init", "-q")
    desk.write("a.txt", "one\ntwo\nthree")
    desk.write("gone.txt", "gone\n")
    desk.write("was.txt", "".join(f"{n}\n" for n in range(20)))
    git("add", ".")
    git("commit", "-qm", "first")
    desk.write("a.txt", "one\n2\nthree\n")
    desk.write("empty.txt", "")
    desk.write("run.sh", "echo\n").chmod(0o755)
    (desk.root / "gone.txt").unlink()
    (desk.root / "was.txt").rename(desk.root / 'is "now".txt')
    git("add", ".")
    patch = git("diff", "--cached", "-M")
    git("reset", "-q", "--hard")
    answer = await apply(desk, patch)
    assert desk.text_after(answer, "a.txt") == "one\n2\nthree\n"
    assert desk.text_after(answer, "empty.txt") == ""
    assert desk.text_after(answer, "gone.txt") is None
    assert desk.text_after(answer, "was.txt") is None
    assert answer.changes is not None
    made = {change.path.name: change for change in answer.changes.files}
    assert isinstance(made["was.txt"], RenameFile)
    assert made["was.txt"].new_path.name == 'is "now".txt'
    script = made["run.sh"]
    assert isinstance(script, CreateFile)
    assert script.mode == 0o755


async def test_wrong_counts_and_bare_names_of_a_model_are_taken(desk: Desk) -> None:
    desk.write("a.txt", "one\ntwo\nthree\n")
    patch = "Here it is:\n\n--- a.txt\n+++ a.txt\n@@ -1,9 +1,9 @@\n one\n-two\n+2\n+2b\n three\n"
    answer = await apply(desk, patch)
    assert desk.text_after(answer, "a.txt") == "one\n2\n2b\nthree\n"


async def test_removed_dashes_are_no_header(desk: Desk) -> None:
    desk.write("a.sql", "-- old\nselect 1;\n")
    patch = "--- a/a.sql\n+++ b/a.sql\n@@ -1,2 +1,2 @@\n--- old\n+-- new\n select 1;\n"
    answer = await apply(desk, patch)
    assert desk.text_after(answer, "a.sql") == "-- new\nselect 1;\n"


async def test_an_anchor_tells_which_of_equal_places_is_meant(desk: Desk) -> None:
    desk.write("a.py", CLASSES)
    change = ["-        x = 1", "+        x = 2"]
    patch = envelope("*** Update File: a.py", "@@ class B:", "@@     def run(self):", *change)
    answer = await apply(desk, patch)
    assert desk.text_after(answer, "a.py") == CLASSES[:53] + CLASSES[53:].replace("= 1", "= 2")
    with pytest.raises(InvalidEdit, match=r"hunk 1 of 1: its lines stand 2 times .* 3, 9; give"):
        await apply(desk, envelope("*** Update File: a.py", "@@", *change))
    with pytest.raises(InvalidEdit, match=r"there is no line 'class C:', which its `@@` names"):
        await apply(desk, envelope("*** Update File: a.py", "@@ class C:", *change))


async def test_the_line_of_a_header_or_the_order_tells_too(desk: Desk) -> None:
    desk.write("a.txt", "x\ny\nx\ny\nx\n")
    answer = await apply(desk, "--- a/a.txt\n+++ b/a.txt\n@@ -3 +3 @@\n-x\n+z\n")
    assert desk.text_after(answer, "a.txt") == "x\ny\nz\ny\nx\n"
    with pytest.raises(InvalidEdit, match="3 times"):
        await apply(desk, "--- a/a.txt\n+++ b/a.txt\n@@ -2 +2 @@\n-x\n+z\n")
    hunks = ["@@", " y", " x", "-y", "+why", "@@", "-x", "+last"]
    answer = await apply(desk, envelope("*** Update File: a.txt", *hunks))
    assert desk.text_after(answer, "a.txt") == "x\ny\nx\nwhy\nlast\n"


async def test_line_ends_and_the_lack_of_the_last_stay(desk: Desk) -> None:
    desk.write("a.txt", "one\r\ntwo\r\nthree")
    hunks = ["@@", "-one", "+1", "+1b", "@@", "-three", "+3"]
    answer = await apply(desk, envelope("*** Update File: a.txt", *hunks))
    assert desk.text_after(answer, "a.txt") == "1\r\n1b\r\ntwo\r\n3"
    after = ["@@", "+four", "*** End of File"]
    answer = await apply(desk, envelope("*** Update File: a.txt", *after))
    assert desk.text_after(answer, "a.txt") == "one\r\ntwo\r\nthree\r\nfour"


async def test_a_marker_of_git_gives_or_takes_the_last_line_end(desk: Desk) -> None:
    none = "\\ No newline at end of file\n"
    desk.write("a.txt", "x\n")
    answer = await apply(desk, f"--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-x\n+y\n{none}")
    assert desk.text_after(answer, "a.txt") == "y"
    desk.write("b.txt", "x")
    answer = await apply(desk, f"--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-x\n{none}+x\n")
    assert desk.text_after(answer, "b.txt") == "x\n"


async def test_a_hunk_that_does_not_fit_stops_all_and_shows_what_is_there(desk: Desk) -> None:
    desk.write("a.py", "def first():\n    return 'a value'\n")
    desk.write("b.py", "x = 1\n")
    good = ["*** Update File: b.py", "@@", "-x = 1", "+x = 2"]
    bad = ["*** Update File: a.py", "@@", "-    return 'some value'", "+    return 2"]
    with pytest.raises(InvalidEdit) as caught:
        await apply(desk, envelope(*good, *bad))
    assert str(caught.value).startswith(
        "the patch cannot be made in 'a.py', so nothing was changed: hunk 1 of 1: its lines are "
        "not in the file; the most similar lines are:\n     2\t    return 'a value'"
    )
    white = ["@@", "-   return 'a value'", "+   return 2"]
    with pytest.raises(InvalidEdit, match="only with other white space; copy them exactly"):
        await apply(desk, envelope("*** Update File: a.py", *white))
    with pytest.raises(InvalidEdit, match="has its new lines already"):
        await apply(desk, envelope("*** Update File: b.py", "@@", "-x = 0", "+x = 1"))
    with pytest.raises(InvalidEdit, match="no line of the file is like"):
        await apply(desk, envelope("*** Update File: b.py", "@@", "-zzzzzzzzzzzz", "+x"))


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ("hello", "expected `\\*\\*\\* Begin Patch`"),
        (envelope(), "the patch has no file"),
        (envelope("*** Update File: a.txt"), "expected lines that change 'a.txt'"),
        (envelope("*** Update File: a.txt", "x"), "line 3 of the patch: expected a line that"),
        (envelope("hello"), "line 2 of the patch: expected `\\*\\*\\* Update File"),
        (envelope("*** Add File: b.txt", "x"), "which starts with `\\+`"),
        (envelope("*** Add File: a.txt", "+x"), "'a.txt' is there already"),
        (envelope("*** Delete File: a.txt"), "was not read yet"),
        (envelope("*** Update File: a.txt", "@@", "+x"), "only new lines"),
        (
            envelope("*** Add File: b", "+x", "*** Add File: b", "+y"),
            "names 'b' twice",
        ),
        (
            envelope("*** Update File: a.txt", "@@", " one", "-two", "@@", "-two", "+2"),
            "two hunks change the same lines",
        ),
        ("@@ -1 +1 @@\n-a\n+b\n--- a/x\n+++ b/x\n", "line 1 of the patch: expected `--- a/path`"),
        ("*** Begin Patchwork\n", "expected `\\*\\*\\* Begin Patch`"),
        ("diff --git a/x b/x\nGIT binary patch\n", "binary files cannot be patched"),
        ("diff --git a/x b/x\nnew file mode 120000\n", "a plain file, with the mode"),
        ("--- a/a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", "not all lines that it has"),
        ("--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n-one\n", "only lines with `\\+` for a new file"),
    ],
)
async def test_a_patch_that_means_nothing_says_what_was_expected(
    desk: Desk, patch: str, message: str
) -> None:
    desk.write("a.txt", "one\ntwo\n")
    with pytest.raises(InvalidEdit, match=message):
        await apply(desk, patch)


async def test_files_elsewhere_and_missing_ones_are_refused(desk: Desk) -> None:
    with pytest.raises(OutsideWorkspace):
        await apply(desk, envelope("*** Add File: ../x", "+x"))
    with pytest.raises(NotFound, match=r"the patch cannot be made in 'a\.txt'"):
        await apply(desk, envelope("*** Update File: a.txt", "@@", "-x", "+y"))


async def test_text_that_was_never_read_does_not_count_as_read(desk: Desk) -> None:
    path = desk.write("a.txt", "one\ntwo\n")
    await apply(desk, envelope("*** Update File: a.txt", "@@", "-one", "+1"))
    assert desk.reads.last_seen(path) is None
    await desk.call(READ_FILE, path="a.txt")
    await apply(desk, envelope("*** Update File: a.txt", "@@", "-one", "+1"))
    assert desk.reads.last_seen(path) == "1\ntwo\n"


async def test_a_patch_that_changes_nothing_says_so(desk: Desk) -> None:
    desk.write("a.txt", "one\n")
    answer = await apply(desk, envelope("*** Update File: a.txt", "@@", "-one", "+one"))
    assert answer.changes is not None
    assert answer.changes.files == ()
    assert "nothing changes" in answer.text


async def test_a_patch_about_patches_is_read_as_what_it_is(desk: Desk) -> None:
    inner = envelope("*** Delete File: a.txt")
    desk.write("notes.md", f"{inner}\n")
    after = f"{inner}\nmore\n"
    answer = await apply(desk, unified_diff("notes.md", f"{inner}\n", after))
    assert desk.text_after(answer, "notes.md") == after
    diff = unified_diff("x", "one\n", "two\n").splitlines()
    patch = envelope("*** Add File: x.diff", *(f"+{line}" for line in diff))
    answer = await apply(desk, patch)
    assert desk.text_after(answer, "x.diff") == unified_diff("x", "one\n", "two\n")


async def test_a_host_writes_what_a_patch_makes(tmp_path: Path) -> None:
    asker = asker_of({"a.txt": "one\n", "b.txt": "two\n"}, tmp_path / "project", is_indexed=False)
    patch = envelope(
        "*** Update File: a.txt",
        "*** Move to: deep/a.txt",
        "@@",
        "-one",
        "+1",
        "*** Add File: c.txt",
        "+three",
    )
    host = asker.host([TOOL])
    call = ToolCall(id="1", name="apply_patch", arguments={"patch": patch})
    result = await host.call(call, proposal_id="p")
    assert result.edit_outcome is EditOutcome.APPLIED, result.text
    root = asker.workspace.root
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.txt")}
    assert found == {"b.txt", "c.txt", "deep/a.txt"}
    assert (root / "deep/a.txt").read_text(encoding="utf-8") == "1\n"
    wrong = replace(call, arguments={"patch": patch})
    again = await host.call(wrong, proposal_id="p")
    assert again.is_error
    assert "no such file" in again.text or "there is no" in again.text, again.text


async def test_a_huge_patch_of_equal_lines_ends_soon(desk: Desk) -> None:
    desk.write("a.txt", "\n" * 100_000 + "end\n")
    hunks = ["@@", " ", " ", "+x"] * 1000
    with pytest.raises(InvalidEdit, match=r"hunk 1 of 1000: its lines stand 9999. times"):
        await apply(desk, envelope("*** Update File: a.txt", *hunks))
    named = "".join(f"@@ -{n} +{n} @@\n-\n+x\n" for n in range(1, 1000))
    with pytest.raises(InvalidEdit, match="too many equal lines for so many hunks"):
        await apply(desk, f"--- a/a.txt\n+++ b/a.txt\n{named}")
