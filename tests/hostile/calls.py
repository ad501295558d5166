"""The calls that a client, or a model that was talked into it, makes in each repository."""

import os

from tests.hostile.plant import Ground

Calls = tuple[tuple[str, dict[str, object]], ...]

READING: Calls = (
    ("list_dir", {"depth": 3, "include_ignored": True}),
    ("glob", {"pattern": "**/*"}),
    ("grep", {"pattern": "."}),
    ("read_file", {"path": "README.md"}),
    ("read_file", {"path": "notes.txt"}),
    ("read_file", {"path": "vendor/id"}),
    ("diagnostics", {"path": "a.py", "deep": True}),
    ("diagnostics", {"path": "b.py", "deep": True}),
    ("symbol_overview", {}),
    ("find_symbol", {"name_path": "key", "include_body": True}),
    ("references", {"name_path": "greet", "textual": True}),
    ("repo_map", {}),
)
GIT: Calls = (
    ("git_status", {}),
    ("git_log", {}),
    ("git_diff", {}),
    ("git_blame", {"path": "a.py"}),
    ("git_blame", {"path": "a.py", "revision": "HEAD"}),
)
CHANGING: Calls = (
    *(("format_code", {"path": f"a.{suffix}"}) for suffix in ("py", "rs", "go", "c", "sh")),
    ("organize_imports", {"path": "a.py", "remove_unused": True}),
    ("rename_symbol", {"name_path": "greet", "new_name": "hail"}),
)


def reading(ground: Ground) -> Calls:
    """Give the calls that need no trust, or are made with care."""
    return tuple(call for call in (*READING, *GIT, *CHANGING) if _is_there(ground, call[1]))


def running(ground: Ground) -> Calls:
    """Give the calls that would run or send something, if they were allowed."""
    return (
        ("run_tests", {}),
        ("shell", {"command": f"git status; touch {ground.canary}"}),
        ("web_fetch", {"url": ground.url}),
        ("git_commit", {"message": "x", "all": True}),
    )


def _is_there(ground: Ground, arguments: dict[str, object]) -> bool:
    path = arguments.get("path")
    return path is None or os.path.lexists(ground.root / str(path))
