"""Trees with everything in them, looked at as values."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

Look = dict[str, tuple[str, int, bytes]]
"""By name from the root: kind, mode, and bytes or target."""


def fill(root: Path) -> None:
    """Make a small tree with one of each kind of thing in it."""
    for folder in ("package/inner/deep", "empty", "odd names"):
        (root / folder).mkdir(parents=True)
    (root / "main.py").write_text("import package\n", encoding="utf-8")
    (root / "run.sh").write_text("#!/bin/sh\necho run\n", encoding="utf-8")
    (root / "run.sh").chmod(0o755)
    (root / "private.txt").write_text("secret\n", encoding="utf-8")
    (root / "private.txt").chmod(0o600)
    (root / "bom.txt").write_bytes(b"\xef\xbb\xbfwith a mark\r\n")
    (root / "image.bin").write_bytes(bytes(range(256)))
    (root / "package/module.py").write_text("x = 1\n", encoding="utf-8")
    (root / "package/inner/one.py").write_text("one\n", encoding="utf-8")
    (root / "package/inner/deep/two.py").write_text("two\n", encoding="utf-8")
    (root / "package/inner/deep/three.bin").write_bytes(b"\0\1\2")
    (root / "link.py").symlink_to("main.py")
    (root / "nowhere").symlink_to("/no/such/place")
    (root / "to folder").symlink_to("package/inner")
    (root / "odd names/a b'\"\n.txt").write_text("odd\n", encoding="utf-8")
    (Path(os.fsdecode(os.fsencode(root) + b"/odd names/\xff.txt"))).write_text("latin\n", "utf-8")


def look(root: Path) -> Look:
    """Give all below `root` but the mode of the root itself; what is closed is opened for it."""
    found: Look = {}
    for path in sorted(root.iterdir()):
        status = path.lstat()
        name, mode = path.relative_to(root).as_posix(), stat.S_IMODE(status.st_mode)
        if stat.S_ISLNK(status.st_mode):
            found[name] = ("link", 0, os.fsencode(os.readlink(path)))
        elif stat.S_ISDIR(status.st_mode):
            found[name] = ("folder", mode, b"")
            path.chmod(mode | stat.S_IRWXU)
            found |= {f"{name}/{inner}": what for inner, what in look(path).items()}
            path.chmod(mode)
        elif stat.S_ISREG(status.st_mode):
            path.chmod(mode | stat.S_IRUSR)
            found[name] = ("file", mode, path.read_bytes())
            path.chmod(mode)
        else:
            found[name] = ("other", mode, b"")
    return found


def stamps(root: Path) -> dict[str, tuple[int, ...]]:
    """Give what the system says of each file, the root included: all but when it was read."""
    return {
        str(path): (s.st_ino, s.st_mode, s.st_nlink, s.st_size, s.st_mtime_ns, s.st_ctime_ns)
        for path in (root, *root.rglob("*"))
        for s in (path.lstat(),)
    }


def twin_after(root: Path, folder: Path, line: str) -> Look:
    """Give what a copy of `root` is like after a command was really run in it."""
    twin = folder / "twin"
    shutil.copytree(root, twin, symlinks=True)
    subprocess.run(["/bin/sh", "-c", line], cwd=twin, stdin=subprocess.DEVNULL, check=False)
    return look(twin)
