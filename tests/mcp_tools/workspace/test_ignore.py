"""Ignore rules, compared with git's own answers."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.workspace.ignore import IgnoreRules
from tests.support.desk import Desk

NAMES = ("a", "b.py", "build", "keep.log", "x.log")
PATTERNS = (
    *("a", "/a", "a/", "a/b.py", "build/", "/build", "*.log", "!keep.log", "!*.py", "*", "!*/"),
    *("/*", "!/a", "a/*", "!a/build", "!a/build/", "**/build", "a/**", "**/a/b.py", "[ab]*"),
    *("!a/", "# a", r"\#a", "?.log", "", "   ", "build/**/x.log", "!build/keep.log", "*/", "a b"),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a repository with nothing in it: rules are about names, so no file is needed."""
    root = tmp_path_factory.mktemp("repository").resolve()
    subprocess.run(["git", "init", "-q", str(root)], check=True, timeout=5)
    (root / ".git" / "info" / "exclude").write_text("", encoding="utf-8")
    return root


def ignored_by_git(root: Path, paths: list[str]) -> set[str]:
    """Ask git which of these paths it ignores."""
    settings = ("-c", "core.fsmonitor=false", "-c", "core.excludesFile=/dev/null")
    done = subprocess.run(
        ["git", *settings, "check-ignore", "--no-index", "--stdin", "-z"],
        input="\0".join(paths),
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=5,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return set(filter(None, done.stdout.split("\0")))


def read_text(path: Path) -> str | None:
    return path.read_bytes().decode() if path.is_file() else None


FILES = [
    f"{folder}{name}"
    for folder in ("", "a/", "a/build/", "c/", "c/a/")
    for name in NAMES
    if f"{folder}{name}" not in {"a", "a/build", "c/a"}
]
"""Every path that can be a file when `a`, `a/build`, `c` and `c/a` are folders."""
rules = st.lists(st.sampled_from(PATTERNS), max_size=5).map("\n".join)


@given(top=rules, nested=rules, deep=rules)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_files_are_ignored_where_git_ignores_them(
    repository: Path, top: str, nested: str, deep: str
) -> None:
    for folder, text in {"": top, "a": nested, "a/build": deep}.items():
        (repository / folder).mkdir(exist_ok=True)
        (repository / folder / ".gitignore").write_text(text, encoding="utf-8", newline="")
    assert ignored(repository, FILES) == ignored_by_git(repository, FILES)


ODD = (
    *("x*y", "**", "/**", "a**b", "**/x", "x/**", "x/**/y", "**/x/**", "x/*/y", "*x", "?", "x?y"),
    *("[xy]", "[!xy]", "[^x]", "[]x]", "[x-z]", "[x", "x\\", r"\*", r"[\]]", "[[:digit:]]", "[-x]"),
    *(
        "[[:alpha:]x]",
        "[[:nope:]]",
        "x ",
        r"x\ ",
        "x  ",
        r"\!x",
        "!x",
        "/x/",
        "x/y/",
        "//x",
    ),
    *(
        r"\#x",
        "# x",
        "#x",
        "x\r",
        "\tx",
        "x\t",
        "X",
        "é",
        "x.y",
        "x+y",
        "(x)",
        "/",
        "!",
        "//",
        "\x0cx",
    ),
    *("qé\u2028", "*.*", "*/y", "[/]", "x[/]y", "x[!a]y", r"\x", "[a-", "[!", "[]", "[!]", "[!]]"),
)


ODD_NAMES = (
    *("x", "y", "xy", "axb", "x.y", "x y", "x ", "x  ", "*", "]", "[x", "-", "5", "!x", "#x", "z"),
    *("(x)", "x+y", "x\\", "\tx", "x\t", "\x0cx", "X", "[", "# x", "[a-", "[]", "a", "qé\u2028"),
)


UNLIKE_GIT = {
    r"[\]]": "an escaped bracket in a set",
    "[[:digit:]]": "a named class",
    "[[:alpha:]x]": "a named class",
    "x[!a]y": "a negated set takes a slash, too",
    "x\t": "a tab at the end counts as blank",
    "qé\u2028": "a line separator at the end counts as blank",
}
"""What the library for ignore rules takes otherwise than git does; none is seen in the wild."""


@pytest.mark.parametrize("pattern", UNLIKE_GIT)
def test_known_differences_from_git_are_still_there(repository: Path, pattern: str) -> None:
    assert differences(repository, pattern)


@pytest.mark.parametrize("pattern", sorted(set(ODD) - set(UNLIKE_GIT)))
def test_odd_patterns_mean_what_they_mean_in_git(repository: Path, pattern: str) -> None:
    assert not differences(repository, pattern)


def differences(repository: Path, pattern: str) -> set[str]:
    """Give the paths that one odd pattern ignores here but not in git, or the other way round."""
    for folder in ("", "a", "a/build"):
        (repository / folder).mkdir(exist_ok=True)
        (repository / folder / ".gitignore").write_text("", encoding="utf-8")
    paths = [
        f"{folder}{name}" for folder in ("", "x/", "q/x/", "x/y/", "x/q/y/") for name in ODD_NAMES
    ]
    paths = [path for path in paths if path not in {"x", "x/y", "q/x", "x/q/y", "a"}]
    text = f"# first line\n{pattern}\n"
    (repository / ".gitignore").write_text(text, encoding="utf-8", newline="")
    return ignored(repository, paths) ^ ignored_by_git(repository, paths)


def ignored(root: Path, paths: list[str]) -> set[str]:
    rules = IgnoreRules(root, read_text)
    return {path for path in paths if rules.is_ignored(root / path)}


def test_unsaved_rules_count_at_once(desk: Desk) -> None:
    path = desk.write("x.log", "")
    desk.write(".gitignore", "")
    before = desk.workspace.snapshot()
    desk.type_in_editor(".gitignore", "*.log\n")
    assert desk.workspace.snapshot().is_ignored(path)
    assert not before.is_ignored(path)


def test_a_rule_file_of_its_own_goes_over_that_of_git(desk: Desk) -> None:
    desk.write(".gitignore", "*.log\n")
    desk.write(".ignore", "!keep.log\n")
    snapshot = desk.workspace.snapshot()
    assert not snapshot.is_ignored(desk.root / "keep.log")
    assert snapshot.is_ignored(desk.root / "other.log")


def test_the_folder_of_git_itself_is_never_part_of_the_project(desk: Desk) -> None:
    desk.write(".gitignore", "!.git\n!*\n")
    snapshot = desk.workspace.snapshot()
    for path in (".git", ".git/config", "sub/.git", "sub/.git/hooks/x"):
        assert snapshot.is_ignored(desk.root / path)
    assert not snapshot.is_ignored(desk.root / ".github")


def test_the_root_is_part_of_the_project_and_nothing_outside_is(desk: Desk) -> None:
    desk.write(".gitignore", "*\n")
    snapshot = desk.workspace.snapshot()
    assert not snapshot.is_ignored(desk.root)
    assert snapshot.is_ignored(desk.root.parent)
    assert snapshot.is_ignored(Path("/"))
    assert snapshot.is_ignored(desk.root.parent / "project-2" / "x")


def test_a_folder_is_judged_by_a_name_in_it(desk: Desk) -> None:
    desk.write(".gitignore", "build/\n")
    snapshot = desk.workspace.snapshot()
    assert snapshot.is_ignored(desk.root / "build" / "anything")
    assert not snapshot.is_ignored(desk.root / "build")


def test_rules_that_cannot_be_read_are_no_rules(desk: Desk) -> None:
    desk.write(".gitignore", b"*\0")
    assert not desk.workspace.snapshot().is_ignored(desk.root / "x")


@pytest.mark.parametrize("rule", ["a*" * 40 + "b", "**/a/" * 40 + "b", "(" * 50_000])
def test_a_rule_made_to_take_forever_is_passed_over(desk: Desk, rule: str) -> None:
    desk.write(".gitignore", f"{rule}\n*.log\n")
    snapshot = desk.workspace.snapshot()
    assert not snapshot.is_ignored(desk.root / "/".join(["a"] * 60) / ("a" * 200))
    assert snapshot.is_ignored(desk.root / "x.log")


def test_of_very_many_rules_the_first_count(desk: Desk) -> None:
    many = "".join(f"/x{number}\n" for number in range(30_000))
    desk.write(".gitignore", f"first.py\n{many}last.py\n")
    snapshot = desk.workspace.snapshot()
    assert snapshot.is_ignored(desk.root / "first.py")
    assert not snapshot.is_ignored(desk.root / "last.py")
