"""Hostile repositories on disk, with a home, an outside and a listener that hear of it."""

import os
import secrets
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.plant import Ground, Plant

PRODUCT = Path(__file__).parents[2]
PYTHON = (sys.executable, "-P")
"""As an installed program is: the current folder is not searched for modules."""
SOURCE = """\
import os
import sys


def greet(name: str) -> str:
    return name


print(greet("x"), undefined)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """Repositories, each with its trick, and what is known to have worked."""

    folder: Path
    grounds: dict[str, Ground]
    """By the names of the plants."""
    heard: list[str] = field(default_factory=list[str])
    """What reached the listener: the first line of each connection."""

    @property
    def environment(self) -> dict[str, str]:
        """An environment with an empty home and no trust."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(PRODUCT),
        }

    def worked(self, texts: dict[str, str]) -> list[str]:
        """Give what happened that must not: payloads, connections, secrets in `texts`."""
        fired = [f"{name} ran" for name, each in self.grounds.items() if each.canary.exists()]
        told = [
            f"{name} told a secret"
            for name, each in self.grounds.items()
            if each.secret in texts.get(name, "")
        ]
        return [*fired, *told, *(f"sent: {line}" for line in self.heard)]


@contextmanager
def nested(folder: Path, plants: Sequence[Plant]) -> Generator[Nest]:
    """Plant repositories in a folder, and listen until the end."""
    for name in ("home", "fired", "work"):
        (folder / name).mkdir()
    heard: list[str] = []
    with _listening(heard) as port:
        template = _template(folder)
        grounds: dict[str, Ground] = {}
        for each in plants:
            ground = Ground(
                root=folder / "work" / each.name,
                canary=folder / "fired" / each.name,
                url=f"http://127.0.0.1:{port}/{each.name}",
                outside=folder / "outside" / each.name,
                secret=secrets.token_hex(12),
            )
            shutil.copytree(template, ground.root, symlinks=True)
            ground.outside.mkdir(parents=True)
            each.put(ground)
            grounds[each.name] = ground
        nest = Nest(folder=folder, grounds=grounds, heard=heard)
        assert nest.worked({}) == [], "planting must set nothing off"
        yield nest


def _template(folder: Path) -> Path:
    """Make a repository with one commit."""
    root = folder / "template"
    root.mkdir()
    (root / "a.py").write_text(SOURCE, encoding="utf-8")
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "x")):
        subprocess.run(
            ["git", *identity, *arguments],
            cwd=root,
            env={"PATH": os.environ["PATH"], "HOME": str(folder / "home")},
            check=True,
        )
    return root


@contextmanager
def _listening(heard: list[str]) -> Generator[int]:
    """Hear each connection to a port; give its number."""

    class Ear(socketserver.StreamRequestHandler):
        timeout = 2.0

        def handle(self) -> None:
            heard.append("somebody")
            try:
                heard[-1] = self.rfile.readline(1000).decode("utf-8", "replace").strip()
            except OSError:
                return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
