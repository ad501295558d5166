"""What a glob matches."""

import pytest

from mcp_tools.code.globbing import compile_glob
from mcp_tools.types.errors import InvalidEdit


@pytest.mark.parametrize(
    ("glob", "matching", "others"),
    [
        ("*.py", ["a.py", "b/c/a.py"], ["a.pyi", "a.py/b"]),
        ("src/*.py", ["src/a.py"], ["src/b/a.py", "x/src/a.py"]),
        ("/a.py", ["a.py"], ["b/a.py"]),
        ("./src/a.py", ["src/a.py"], ["a.py"]),
        ("**/test_*.py", ["test_a.py", "a/b/test_c.py"], ["a/xtest_b.py"]),
        ("src/**", ["src/a", "src/b/c"], ["src", "xsrc/a"]),
        ("src/**/a.py", ["src/a.py", "src/b/c/a.py"], ["src/ba.py"]),
        ("*.{ts,tsx}", ["a.ts", "b/a.tsx"], ["a.t", "a.ts,tsx"]),
        ("a?c.txt", ["abc.txt", "a😀c.txt"], ["a/c.txt", "ac.txt"]),
        ("[a-c]1", ["a1", "c1"], ["d1", "a/1"]),
        ("[!a]1", ["b1"], ["a1", "/1"]),
        ("a,b", ["a,b"], ["a"]),
        (r"\*.py", ["*.py"], ["a.py"]),
        ("a{b", ["ab"], ["a{b"]),
        ("a}", ["a}"], ["a"]),
    ],
)
def test_a_glob_matches_whole_paths(glob: str, matching: list[str], others: list[str]) -> None:
    pattern = compile_glob(glob)
    assert [path for path in matching if not pattern.fullmatch(path)] == []
    assert [path for path in others if pattern.fullmatch(path)] == []


@pytest.mark.parametrize("glob", ["", "/", "./", "!*.py", "[z-a]x"])
def test_a_glob_that_wants_nothing_is_refused(glob: str) -> None:
    with pytest.raises(InvalidEdit, match="glob"):
        compile_glob(glob)


@pytest.mark.parametrize("pattern", ["a*a*a*a*b", "**/a/**/b/**/c/**", "x/*a*b*c*d/y"])
def test_a_glob_that_could_take_minutes_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidEdit, match="use a simpler glob"):
        compile_glob(pattern)
