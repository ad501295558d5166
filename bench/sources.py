"""Real projects to measure on: their source distributions, fetched once and unpacked.

The file is looked up in the package index that pip is configured with, and its SHA-256 is checked.
pip itself cannot be asked for it: it would run the project's build to learn its dependencies,
which fails where another Python is needed.
"""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import platformdirs

TIMEOUT_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDistribution:
    """One release of a project."""

    project: str
    version: str
    sha256: str

    @property
    def folder_name(self) -> str:
        """The folder that it unpacks to."""
        return f"{self.project}-{self.version}"


BASES = {
    "flask": SourceDistribution(
        project="flask",
        version="3.1.3",
        sha256="0ef0e52b8a9cd932855379197dd8f94047b359ca0a78695144304cb45f87c9eb",
    ),
    "django": SourceDistribution(
        project="django",
        version="5.2.8",
        sha256="23254866a5bb9a2cfa6004e8b809ec6246eba4b58a7589bc2772f1bcc8456c7f",
    ),
    "homeassistant": SourceDistribution(
        project="homeassistant",
        version="2026.11.0",
        sha256="5a5e6af380793d53ab37fd9ce5b7a7e00a408a7258923fe75d0610e31a394468",
    ),
}
"""About 18,000, 490,000 and 1,700,000 lines of Python."""


class SourceUnavailable(Exception):
    """A source distribution could not be had; the text says why."""


def bench_cache() -> Path:
    """Give the folder for what benches fetch and install; ours serves no file of its own cache."""
    folder = platformdirs.user_cache_path("lsp-agent-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def source_tree(name: str) -> Path:
    """Give the folder of a project of BASES, fetched if it is not there yet. Not to be changed.

    Raises: SourceUnavailable.
    """
    distribution = BASES[name]
    unpacked = bench_cache() / "sources" / distribution.folder_name
    if not unpacked.is_dir():
        _unpack(_fetched(distribution), unpacked)
    return unpacked


def _fetched(distribution: SourceDistribution) -> bytes:
    try:
        with urllib.request.urlopen(_link(distribution), timeout=TIMEOUT_S) as answer:
            data: bytes = answer.read()
    except OSError as error:
        raise SourceUnavailable(
            f"{distribution.folder_name} could not be fetched ({error}); the bench needs a network "
            "and a package index, see PIP_INDEX_URL"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != distribution.sha256:
        raise SourceUnavailable(
            f"{distribution.folder_name}: expected SHA-256 {distribution.sha256}, got {found}"
        )
    return data


def _link(distribution: SourceDistribution) -> str:
    page = f"{_index().rstrip('/')}/{distribution.project}/"
    with urllib.request.urlopen(page, timeout=TIMEOUT_S) as answer:
        text: str = answer.read().decode("utf-8")
    file_name = re.escape(f"{distribution.folder_name}.tar.gz")
    found = re.search(rf'href="([^"]*/{file_name})(?:#[^"]*)?"', text)
    if found is None:
        raise SourceUnavailable(f"the index has no {distribution.folder_name}.tar.gz")
    return urljoin(page, found[1])


def _index() -> str:
    """Give the address of the index that pip would ask; its own default is no public setting."""
    default = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    asked = (("-m", "pip", "config", "get", "global.index-url"), ("-c", default))
    answers = (
        subprocess.run((sys.executable, *argv), capture_output=True, text=True, check=False)
        for argv in asked
    )
    found = (answer.stdout.strip() for answer in answers)
    return os.environ.get("PIP_INDEX_URL") or next(filter(None, found), "")


def _unpack(data: bytes, unpacked: Path) -> None:
    """Unpack beside the place and move there, so that a folder that exists is whole."""
    unpacked.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=unpacked.parent) as folder:
        archive = Path(folder) / "archive.tar.gz"
        archive.write_bytes(data)
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        (Path(folder) / unpacked.name).rename(unpacked)
