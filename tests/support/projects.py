"""Small projects written as one text, each file under a line `//- /its/path`."""

import re
from pathlib import Path

_HEADER = re.compile(r"^//- /(.+)\n", re.M)


def write_project(root: Path, text: str) -> Path:
    """Write the files of `text` below `root`, and give the root."""
    for name, content in project_files(text).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return root


def project_files(text: str) -> dict[str, str]:
    """Give the text of each file by its path; what stands before the first header is left out."""
    parts = _HEADER.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def texts_below(root: Path) -> dict[str, str]:
    """Give the text of every file that is really on disk, by its path below `root`."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes().decode("utf-8") for p in files}
