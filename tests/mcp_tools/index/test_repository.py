"""Names of databases."""

import os
import subprocess
from pathlib import Path

from mcp_tools.index.repository import database_path


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_worktrees_of_one_repository_have_one_database(tmp_path: Path) -> None:
    main, cache = tmp_path / "main", tmp_path / "cache"
    (main / "sub").mkdir(parents=True)
    git(main, "init")
    git(main, "commit", "--allow-empty", "-m", "x")
    git(main, "worktree", "add", str(tmp_path / "other"))
    assert database_path(cache, main) == database_path(cache, tmp_path / "other")
    assert database_path(cache, main).parent == cache / "index"
    assert database_path(cache, main / "sub") != database_path(cache, main)
    assert database_path(cache, main / "sub") == database_path(cache, tmp_path / "other" / "sub")


def test_other_folders_have_one_each(tmp_path: Path) -> None:
    one, two = tmp_path / "a b", tmp_path / "a_b"
    paths = [database_path(tmp_path, root) for root in (one, two)]
    assert len(set(paths)) == 2
    assert all(path.name.startswith("a_b-") for path in paths)


def test_what_git_files_say_leads_nowhere(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    dot_git = root / ".git"
    for text in ("", "gitdir: /dev\n", "gitdir: ../../../../etc\n", "x" * 9000, "gitdir: a\0b\n"):
        dot_git.write_text(text, encoding="utf-8")
        assert database_path(tmp_path, root).parent == tmp_path / "index"
    dot_git.write_bytes(b"gitdir: \xff\xfe\n")
    assert database_path(tmp_path, root).parent == tmp_path / "index"
    dot_git.unlink()
    os.mkfifo(dot_git)
    assert database_path(tmp_path, root).parent == tmp_path / "index"
