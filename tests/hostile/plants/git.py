"""Git: what a repository's own configuration, hooks and attributes make it run or fetch."""

import subprocess
from pathlib import Path

from tests.hostile.plant import Ground, Plant, plant

SCRIPT = "#!/bin/sh\n@TOUCH@\ncat\n"
NOISY = "#!/bin/sh\n@TOUCH@\n"
DIRTY = {"a.py": "import os\nimport sys\n\nprint(undefined)\n"}
FILTERED = {".git/info/attributes": "*.py filter=x diff=x merge=x\n", **DIRTY}


def git(ground: Ground, *arguments: str, cwd: Path | None = None) -> str:
    """Run git while planting, with an identity of nobody and no settings of the user."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    run = subprocess.run(
        ["git", *who, *arguments],
        cwd=cwd or ground.root,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(ground.outside)},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return run.stdout


def _private(ground: Ground) -> Path:
    """Make a repository of the user's with a secret in its history."""
    private = ground.outside / "private"
    private.mkdir(parents=True)
    git(ground, "init", "-q", "-b", "main", cwd=private)
    git(ground, "commit", "-q", "--allow-empty", "-m", ground.secret, cwd=private)
    return private


def _replace_git(ground: Ground) -> None:
    """Let `.git` be a file that names a repository of the user's."""
    (ground.root / ".git").rename(ground.outside / "moved.git")
    private = _private(ground)
    (ground.root / ".git").write_text(f"gitdir: {private}/.git\n", encoding="utf-8")


def _link_git(ground: Ground) -> None:
    (ground.root / ".git").rename(ground.outside / "moved.git")
    (ground.root / ".git").symlink_to(_private(ground) / ".git")


def _borrow(ground: Ground) -> None:
    """Show the objects and the branch of a repository of the user's as our own."""
    private = _private(ground) / ".git"
    own = ground.root / ".git"
    own.joinpath("objects", "info", "alternates").write_text(
        f"{private}/objects\n", encoding="utf-8"
    )
    branch = own / "refs" / "heads" / "main"
    branch.unlink()
    branch.symlink_to(private / "refs" / "heads" / "main")


def _bare(ground: Ground) -> None:
    git(ground, "init", "-q", "--bare", "planted.git")
    ground.write(
        "planted.git/config", '[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = "@TOUCH@ #"\n'
    )


def _named_git(ground: Ground) -> None:
    """Let `.git` be a file that names a folder of the repository with a configuration."""
    (ground.root / ".git").rename(ground.root / "store")
    (ground.root / ".git").write_text("gitdir: store\n", encoding="utf-8")
    ground.write("store/config", '[core]\n\tfsmonitor = "@TOUCH@ #"\n')


def _lose_objects(ground: Ground) -> None:
    """Let a promisor remote have the text of a file that the history names."""
    blob = git(ground, "rev-parse", "HEAD:a.py").strip()
    ground.write(
        ".git/config",
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n"
        '[remote "origin"]\n\turl = @URL@/promised.git\n\tpromisor = true\n',
    )
    (ground.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def _odd_branch(ground: Ground) -> None:
    git(ground, "branch", "-M", ground.filled("$(touch${IFS}@CANARY@)"))


def config(name: str, text: str, control: str = "", **more: str) -> Plant:
    """Give a repository with these lines in its configuration, and these files."""
    files = {".git/config": text, **FILTERED, **dict(more.items())}
    return plant(name, "git, security.md 1b row 32 and 4", files, control)


def with_script(name: str, text: str, control: str = "") -> Plant:
    """Give a repository whose configuration names the script `x`."""
    return config(name, text, control, **{".git/x": SCRIPT})


X = "@ROOT@/.git/x"

PLANTS = (
    config("git-fsmonitor", '[core]\n\tfsmonitor = "@TOUCH@ #"\n', "git status"),
    with_script("git-hooks-path", f"[core]\n\thooksPath = {X}.d\n"),
    with_script("git-filter-clean", f'[filter "x"]\n\tclean = {X}\n', "git add a.py"),
    with_script("git-filter-smudge", f'[filter "x"]\n\tsmudge = {X}\n', "git checkout a.py"),
    with_script("git-filter-process", f'[filter "x"]\n\tprocess = {X}\n', "git add a.py"),
    with_script("git-textconv", f'[diff "x"]\n\ttextconv = {X}\n', "git log -p"),
    with_script("git-diff-command", f'[diff "x"]\n\tcommand = {X}\n', "git diff"),
    with_script("git-diff-external", f"[diff]\n\texternal = {X}\n", "git diff"),
    with_script("git-pager", f"[core]\n\tpager = {X}\n[pager]\n\tlog = {X}\n\tdiff = true\n"),
    with_script("git-editor", f"[core]\n\teditor = {X}\n", "git commit --allow-empty"),
    config(
        "git-ssh-command",
        f'[core]\n\tsshCommand = {X}\n[remote "origin"]\n\turl = ssh://x.invalid/y\n',
        "git fetch",
        **{".git/x": NOISY},
    ),
    with_script(
        "git-gpg-program",
        f"[gpg]\n\tprogram = {X}\n[log]\n\tshowSignature = true\n[commit]\n\tgpgSign = true\n",
        "git commit --allow-empty -m x",
    ),
    with_script("git-merge-driver", f'[merge "x"]\n\tdriver = {X} %A\n'),
    with_script("git-credential-helper", f"[credential]\n\thelper = {X}\n"),
    config("git-alias", '[alias]\n\tst = "!@TOUCH@"\n\tlog = "!@TOUCH@"\n', "git st"),
    config(
        "git-include",
        "[include]\n\tpath = ../more.cfg\n",
        "git status",
        **{"more.cfg": '[core]\n\tfsmonitor = "@TOUCH@ #"\n'},
    ),
    config(
        "git-worktree-config",
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n",
        "git status",
        **{".git/config.worktree": '[core]\n\tfsmonitor = "@TOUCH@ #"\n'},
    ),
    config(
        "git-identity-injection",
        '[user]\n\tname = "$(@TOUCH@)"\n\temail = "`@TOUCH@`; @TOUCH@"\n',
    ),
    config("git-remote-ext", '[remote "origin"]\n\turl = ext::sh -c @CANARY@\n'),
    config(
        "git-remote-http",
        '[remote "origin"]\n\turl = @URL@/x.git\n[branch "main"]\n\tremote = origin\n',
        "git fetch",
    ),
    config("git-protocol-allow", "[protocol]\n\tallow = always\n"),
    plant(
        "git-hook-pre-commit", "6: .git/hooks", {".git/hooks/pre-commit": NOISY}, "git commit -am x"
    ),
    plant(
        "git-hook-post-index-change",
        "6: .git/hooks",
        {".git/hooks/post-index-change": NOISY, **DIRTY},
        "git add a.py",
    ),
    plant("git-bare-planted", "4: planted.git", {}, "cd planted.git && git status", _bare),
    plant("git-file-in-place", "1: gitdir inside", DIRTY, "git status", _named_git),
    plant("git-file-leads-out", "gitdir of another repository", {}, "", _replace_git),
    plant("git-link-leads-out", "gitdir of another repository", {}, "", _link_git),
    plant("git-borrowed-objects", "alternates of another repository", {}, "", _borrow),
    plant("git-promised-objects", "partial clone", {}, "git show HEAD:a.py", _lose_objects),
    plant("git-odd-branch", "row 28: data into shell", {}, "", _odd_branch),
    plant(
        "git-submodule-update",
        "6: .gitmodules",
        {
            ".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = @URL@/s\n\tupdate = !@TOUCH@\n',
            ".git/modules/s/config": '[core]\n\tworktree = ../../../s\n\tfsmonitor = "@TOUCH@ #"\n',
            "s/.git": "gitdir: ../.git/modules/s\n",
        },
    ),
    plant("git-lfs-config", "git-lfs", {".lfsconfig": "[lfs]\n\turl = @URL@/lfs\n"}),
)
