"""What commands are to be kept from, set up for real: files, secrets, sockets, a process."""

import os
import pwd
import socket
import stat
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lsp_agent.sandbox.views import Bench

SECRETS = (".ssh/id_test", ".aws/credentials", ".netrc", ".npmrc", ".git-credentials")
_WAITING = "import sys; sys.stdin.read()"


@dataclass(frozen=True, kw_only=True)
class Outside:
    """All of it; nothing here lies in a folder for scratch files, unless its name says so."""

    folder: Path
    home: Path
    bench: Bench
    token: str
    """What is in each secret, and in no other file."""
    listeners: dict[str, socket.socket]
    victim: subprocess.Popen[bytes]

    @property
    def beside(self) -> Path:
        """Give a folder beside the workspace, with a file in it."""
        return self.folder / "beside"

    @property
    def scratch(self) -> tuple[Path, ...]:
        """Give files that must not come to be, in folders where everybody may write."""
        folders = ("/tmp", "/var/tmp", "/dev/shm")
        return tuple(Path(folder) / f"lsp-agent-test-{self.token}" for folder in folders)

    def filled(self, line: str) -> str:
        """Give a shell line with the names of things in the place of their roles."""
        roles = {
            "BESIDE": str(self.beside),
            "ROOT": str(self.bench.root),
            "TOKEN": self.token,
            "PID": str(self.victim.pid),
            "STATE": str(self.folder / "state"),
            "PYTHON": sys.executable,
            "TCP": str(self.listeners["tcp"].getsockname()[1]),
            "UDP": str(self.listeners["udp"].getsockname()[1]),
            "UNIX": str(self.folder / "unix"),
        }
        for role, name in roles.items():
            line = line.replace(f"@{role}@", name)
        return line

    def was_called(self) -> bool:
        """Tell whether anybody connected, or sent anything."""
        return any(_is_called(listener) for listener in self.listeners.values())

    def changed(self) -> list[str]:
        """Give the names of what is not as it was, in all that a command could have written."""
        folders = (self.beside, self.home, self.bench.root)
        now = {path: _look(path) for folder in folders for path in folder.rglob("*")}
        expected = {path: (content, 0o644) for path, content in self.files().items()}
        differing = {path for path, _ in now.items() ^ expected.items()}
        return [
            str(path)
            for path in (*sorted(differing), *self.scratch)
            if path in expected or (os.path.lexists(path) and not path.is_socket())
        ]

    def files(self) -> dict[Path, bytes]:
        """Give what there is at the start."""
        secrets = {self.home / name: self.token.encode() for name in SECRETS}
        folders = dict.fromkeys(path.parent for path in secrets if path.parent != self.home)
        return {
            **secrets,
            **dict.fromkeys(folders, b""),
            self.home / ".bashrc": b"# mine\n",
            self.beside / "victim": b"victim\n",
            self.bench.root / "file": b"text\n",
            self.bench.root / "folder": b"",
            self.bench.root / "folder/inner": b"text\n",
            self.bench.root / ".git": b"",
            self.bench.root / ".git/hooks": b"",
        }


@contextmanager
def outside_of_walls() -> Generator[Outside]:
    """Set it up where no wall puts a folder of its own."""
    token, home = uuid.uuid4().hex, _real_home()
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(dir=home, prefix=".lsp-agent-test-"))
        folder = Path(name)
        bench = Bench(folder)
        stack.callback(bench.close)
        victim = subprocess.Popen(
            [sys.executable, "-c", _WAITING], stdin=subprocess.PIPE, env={"SECRET": token}
        )
        stack.callback(_end, victim)
        listeners = {
            "tcp": _listening(socket.AF_INET, ("127.0.0.1", 0)),
            "unix": _listening(socket.AF_UNIX, str(folder / "unix")),
            "unix in the workspace": _listening(socket.AF_UNIX, str(bench.root / "socket")),
            "abstract": _listening(socket.AF_UNIX, f"\0{token}"),
            "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        }
        listeners["udp"].bind(("127.0.0.1", 0))
        for listener in listeners.values():
            stack.callback(listener.close)
            listener.settimeout(0)
        outside = Outside(
            folder=folder,
            home=folder / "home",
            bench=bench,
            token=token,
            listeners=listeners,
            victim=victim,
        )
        for path, content in outside.files().items():
            if content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(0o644)
            else:
                path.mkdir(parents=True, exist_ok=True)
        (folder / "state").mkdir()
        (folder / "state" / "session").write_text(token, encoding="utf-8")
        try:
            yield outside
        finally:
            for path in outside.scratch:
                path.unlink(missing_ok=True)


def _real_home() -> Path:
    """Give a folder where a home may be; that of the tests lies among scratch files."""
    found = [Path(entry.pw_dir) for entry in pwd.getpwall() if entry.pw_uid == os.getuid()]
    for folder in (*found, Path(__file__).parents[3]):
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    pytest.skip("there is no folder here that could be a home")


def _look(path: Path) -> tuple[bytes, int]:
    if path.is_dir():
        return b"", 0o644
    return (path.read_bytes() if path.is_file() else b""), stat.S_IMODE(path.lstat().st_mode)


def _listening(family: socket.AddressFamily, address: tuple[str, int] | str) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()
    return listener


def _is_called(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_DGRAM:
            return bool(listener.recv(1))
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _end(victim: subprocess.Popen[bytes]) -> None:
    if victim.stdin is not None:
        victim.stdin.close()
    victim.kill()
    victim.wait()


def is_alive(victim: subprocess.Popen[bytes]) -> bool:
    """Tell whether a process is still there."""
    return victim.poll() is None and os.path.exists(f"/proc/{victim.pid}")
