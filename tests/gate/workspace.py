"""A workspace that was made to fool a gate, on a machine that has the usual programs.

Names of files look like options, hold commands, quotes and line ends; links lead out of it to what
must not be seen; a repository within has settings that run programs, and one of its own is sound.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.permissions.shell.disk_world import DiskWorld
from lsp_agent.permissions.shell.judgement import LineJudgement
from lsp_agent.permissions.shell.judging import judge_line
from lsp_agent.sandbox.running import command_path

CANARY = "canary-b1f7e0"
"""It stands in files outside of the workspace; who shows it has read there."""

FILES = {
    "README.md": "# A project\nTODO: nothing\n",
    "a.py": "import os\n\n\ndef main():\n    return 0\n",
    "b.txt": "one\ntwo\nthree\n",
    "data.json": '{"name": "it", "items": [1, 2]}\n',
    "notes.csv": "a,b\n1,2\n",
    "src/main.py": "def main():\n    pass\n",
    "src/util.py": "X = 1\n",
    "src/deep/d.py": "Y = 2\n",
    "docs/guide.md": "# Guide\n",
    "tests/test_main.py": "def test_it():\n    pass\n",
    "logs/app.log": "ERROR one\nINFO two\n",
    ".env": "TOKEN=hidden\n",
    ".npmrc": "//registry/:_authToken=hidden\n",
    "list.txt": "b.txt\n",
    "script.sed": "w written\n",
    "program.awk": 'BEGIN { system("touch written") }\n',
    "filter.jq": "env\n",
    "Makefile": "all:\n\ttouch written\n",
    "-rf": "",
    "-exec": "",
    "--exec=touch": "",
    "--pre=tool": "",
    "-o": "",
    "-n": "",
    "--compress-program=tool": "",
    "a b": "two words\n",
    "$(touch written)": "",
    "`touch written`": "",
    "line\nend": "",
    "touch written\n": "",
    ";touch written": "",
    "quote'quote": "",
    'double"double': "",
    "*": "",
    "src/*": "",
    "~": "",
    "hostile/-rf": "",
    "hostile/--version": "",
    "%n": "",
    "e\u0301": "",
    "\u202etxt": "",
}
"""What is in them, by name."""

LINKS = {
    "out": "../outside",
    "etc": "/etc",
    "leak": "../outside/secret",
    "src/leak.py": "../../outside/secret",
    "docs/up": "../..",
    "inner": "src",
    "loop": "loop",
    "links/b": "../../outside/secret",
    "bytes/\u00e9": "../../outside/secret",
    "brackets/]": "../../outside/secret",
    "brackets/a-c": "../../outside/secret",
    "capital/B": "../../outside/secret",
    "links/.hidden": "../../outside/secret",
}
"""What they lead to is named from their own folder."""

STUBS = "rg fd tree bat jq xxd file column gcc make perl strings hexdump hostname gawk"
"""Programs that do nothing, for machines that lack the real ones; these come first."""

HOSTILE_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfsmonitor = touch written; false
\tpager = touch written
\tsshCommand = touch written
[diff "it"]
\ttextconv = touch written; cat
[filter "it"]
\tclean = touch written; cat
[alias]
\tlog = !touch written
[gpg]
\tprogram = touch
"""
_SIGNED = """\
tree {tree}
author A <a@example.org> 1700000000 +0000
committer A <a@example.org> 1700000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
\x20
 iQEzBAABCAAdFiEE
 -----END PGP SIGNATURE-----

signed
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Judges lines in the workspace."""

    root: Path
    path: str
    """The PATH that commands get."""
    world: DiskWorld

    @property
    def environment(self) -> dict[str, str]:
        """What commands get: nothing but what the product gives them."""
        home = self.root.parent / "home"
        return {
            **{"PATH": self.path, "HOME": f"{home}", "TERM": "dumb", "PAGER": "cat"},
            **{"GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0"},
        }

    def judge(self, line: str) -> LineJudgement:
        """Judge a line."""
        return judge_line(line, self.root, self.root, self.world)


def make_gate(folder: Path) -> Gate:
    """Make the workspace, and what lies around it, in an empty folder."""
    top = Path(os.path.realpath(folder))
    root = top / "workspace"
    for name, text in FILES.items():
        _write(root / name, text)
    for name, target in LINKS.items():
        link = root / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    for name in ("outside/secret", "home/.ssh/id_rsa", "home/.netrc", "sibling/file"):
        _write(top / name, f"{CANARY}\n")
    _make_program(root / "tool")
    _make_program(root / "bin/ls")
    stubs = top / "stubs"
    for name in STUBS.split():
        _make_program(stubs / name)
    path = f"{command_path()}:{stubs}"
    _make_repository(root, path)
    _make_planted(root / "planted")
    return Gate(root=root, path=path, world=DiskWorld(path))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _make_program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)


def _make_planted(folder: Path) -> None:
    for name in (".git/objects/x", ".git/refs/x", "bare.git/objects/x", "bare.git/refs/x", "f.txt"):
        _write(folder / name, "")
    for git in (folder / ".git", folder / "bare.git"):
        _write(git / "HEAD", "ref: refs/heads/main\n")
        _write(git / "config", HOSTILE_CONFIG)
    _write(folder / ".gitattributes", "* filter=it diff=it\n")


def _make_repository(root: Path, path: str) -> None:
    """Make two commits, the later one with a signature that git would have to check."""
    home = root.parent / "home"
    names = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME",)}
    mails = {f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")}
    environment = {"PATH": path, "HOME": f"{home}", "GIT_CONFIG_NOSYSTEM": "1", **names, **mails}

    def git(*words: str, text: str = "") -> str:
        done = subprocess.run(
            ("git", *words),
            cwd=root,
            env=environment,
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    git("add", "README.md", "src", "a.py")
    git("commit", "-q", "-m", "first")
    signed = _SIGNED.format(tree=git("rev-parse", "HEAD^{tree}"))
    commit = git("hash-object", "-w", "-t", "commit", "--stdin", text=signed)
    git("update-ref", "refs/heads/signed", commit)
    git("tag", "-a", "-m", "a tag", "v1")
