"""`lsp-agent history`: the list, one entry, and the JSON that the README documents."""

from pathlib import Path

import pytest

from tests.lsp_agent.cli.conftest import LETTERS, change, shown_json
from tests.lsp_agent.cli.documented import EVERY, documented
from tests.lsp_agent.cli.program import Program


def write(program: Program, text: str) -> None:
    """Edit the file as a person would, past the journal."""
    (program.cwd / "letters.txt").write_text(text, encoding="utf-8")


def test_nothing_is_in_the_history_of_a_new_folder(plain: Program) -> None:
    done = plain.run("history")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Nothing was changed yet.\n"
    assert shown_json(plain, "history")["history"] == []


def test_the_list_tells_when_who_what_and_whether_it_can_be_undone(plain: Program) -> None:
    change(plain, "sed -i s/^b/B/ letters.txt; rm -f other; echo new >new.txt")
    change(plain, "sed -i /^b/Id letters.txt")
    assert plain.run("undo", "2").returncode == 0
    write(plain, LETTERS.replace("b\n", "mine\n"))
    assert plain.run("history").stdout.splitlines() == [
        "#3  just now  Undo: Run: sed -i /^b/Id letters.txt",
        "    +1 -0 in letters.txt, by user (undo)",
        "    cannot be undone: letters.txt:2: these lines were changed again by a later edit",
        "#2  just now  Run: sed -i /^b/Id letters.txt",
        "    +0 -1 in letters.txt, by user (accept)",
        "    cannot be undone: taken back by #3",
        "#1  just now  Run: sed -i s/^b/B/ letters.txt; rm -f other; echo new >new.txt",
        "    +2 -1 in letters.txt, new.txt, by user (accept)",
        "    can be undone in part: letters.txt:2: these lines were changed again by a later edit",
    ]


def test_only_the_newest_are_listed_unless_all_are_wanted(plain: Program) -> None:
    for name in ("a", "b", "c"):
        change(plain, f"echo >{name}.txt")
    shown = plain.run("history", "-n", "2")
    assert [line[:2] for line in shown.stdout.splitlines() if line[0] == "#"] == ["#3", "#2"]
    assert "`lsp-agent history --all` lists it" in shown.stderr
    every = plain.run("history", "--all")
    assert every.stdout.count("\n#") == 2
    assert every.stderr == ""
    for wrong in (("-n", "0"), ("-n", "x"), ("-n", "1", "--all")):
        assert plain.run("history", *wrong).returncode == 2


def test_an_entry_is_shown_with_its_hunks_and_what_stands_in_the_way(plain: Program) -> None:
    change(plain, "sed -i -e s/^b/B/ -e s/^s/S/ letters.txt")
    write(plain, LETTERS.replace("b\n", "mine\n").replace("s\n", "S\n"))
    done = plain.run("history", "1")
    assert done.returncode == 0
    for piece in (
        "#1  Run: sed -i",
        "who: user (accept)",
        "lines: +2 -2",
        "can be undone in part",
        "letters.txt:2  hunk ",
        " a\n-b\n+B\n c\n",
        "letters.txt:19  hunk ",
        "letters.txt:2: these lines were changed again by a later edit",
    ):
        assert piece in done.stdout
    (entry,) = shown_json(plain, "history", "1")["history"]
    assert set(entry) == documented("An entry has", "An entry that was asked for alone also has")
    (conflict,) = entry["conflicts"]
    assert (conflict["path"], conflict["line"]) == ("letters.txt", 2)
    assert set(conflict) == documented("A conflict has")
    (file,) = entry["files"]
    assert set(file) == documented("A file of an entry has", "A file of such an entry also has")
    assert set(file["hunks"][0]) == documented("A hunk has") - {"stale"}
    assert [hunk["line"] for hunk in file["hunks"]] == [2, 19]
    assert all(hunk["undone"] is False and len(hunk["id"]) >= 8 for hunk in file["hunks"])


def test_the_json_has_the_documented_fields(plain: Program) -> None:
    change(plain, "echo >new.txt; rm letters.txt; ln -s new.txt link; mkdir folder")
    shown_json(plain, "undo")
    shown = shown_json(plain, "history")
    assert set(shown) == documented(EVERY, "`history` adds")
    undo, first = shown["history"]
    assert set(undo) == set(first) == documented("An entry has")
    assert all(set(file) == documented("A file of an entry has") for file in first["files"])
    assert all(set(target) == documented("A target has") for target in undo["targets"])
    assert first["files"] == [
        {"path": "folder", "before": None, "after": "folder"},
        {"path": "letters.txt", "before": "text", "after": None},
        {"path": "link", "before": None, "after": "link"},
        {"path": "new.txt", "before": None, "after": "text"},
    ]
    assert (first["status"], first["undoable"], first["reason"]) == (
        "undone",
        "no",
        "taken back by #2",
    )
    assert (undo["kind"], undo["number"], undo["targets"]) == (
        "undo",
        2,
        [{"number": 1, "id": first["id"], "path": None, "hunks": []}],
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("7", "there is no entry '7' in the history"),
        ("#7", "there is no entry '#7' in the history"),
        ("kkkkzzzz", "there is no entry 'kkkkzzzz' in the history"),
        ("ab", "expected the number of an entry, or four letters of its id, got 'ab'"),
    ],
)
def test_an_entry_that_is_none_is_wrong_usage(plain: Program, name: str, said: str) -> None:
    done = plain.run("history", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_an_id_may_be_cut_short(plain: Program) -> None:
    change(plain, "echo >new.txt")
    (entry,) = shown_json(plain, "history")["history"]
    assert shown_json(plain, "history", entry["id"][:4])["history"][0]["number"] == 1


def test_a_name_that_steers_the_terminal_is_spelled_out(plain: Program) -> None:
    change(plain, "echo >'a\x1b[31m.txt'")
    for arguments in (("history",), ("history", "1"), ("undo",)):
        done = plain.run(*arguments)
        assert done.returncode == 0
        assert "\x1b" not in done.stderr
        if arguments[0] == "history":
            assert "a<U+001B>[31m.txt" in done.stdout
            assert "\x1b" not in done.stdout


def test_each_folder_has_a_history_of_its_own(plain: Program, tmp_path: Path) -> None:
    change(plain, "echo >new.txt")
    other = tmp_path / "other"
    other.mkdir()
    assert plain.run("history", "--root", str(other)).stdout == ""
    elsewhere = Program(home=plain.home, cwd=other)
    assert "Run: echo" in elsewhere.run("history", "--root", str(plain.cwd)).stdout
