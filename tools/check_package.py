"""Build the wheel and the sdist, and compare what is in them with the allow-list.

Run as `python -m tools.check_package`; it downloads nothing. The allow-list is
tools/package-files.txt: each file must match a line of it, and each line must be needed.
"""

import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALLOW_LIST = ROOT / "tools" / "package-files.txt"
PACKAGES = ("mcp_tools", "lsp_agent")

# Refused even where a pattern would allow them; a bundled sample project may have tests.
_REFUSED = re.compile(
    r"(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$|\.(map|pem|key|env|pyc|orig|rej|log)$"
)
_SAMPLES = "lsp_agent/demo/project/"
_SECRET = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bsk-ant-[\w-]{20}|\bghp_\w{36}")


def main() -> int:
    """Check both archives, print what is wrong, and give the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        problems = list(check(build(Path(folder))))
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("wheel and sdist hold what tools/package-files.txt lists, and nothing else")
    return 1 if problems else 0


def build(folder: Path) -> dict[str, dict[str, bytes]]:
    """Build the sdist, the wheel from it, and give their files by kind and name."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"building failed:\n{done.stdout}{done.stderr}")
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return {"sdist": sdist_files(sdist), "wheel": wheel_files(wheel)}


def check(archives: dict[str, dict[str, bytes]]) -> Iterator[str]:
    """Give what is wrong with the archives, one line each."""
    allowed = read_allow_list(ALLOW_LIST.read_text(encoding="utf-8"))
    for kind, files in archives.items():
        yield from (f"{kind}: {text}" for text in compare(files, allowed[kind]))
        yield from (f"{kind}: {text}" for text in missing_sources(files))
        for name, content in files.items():
            if _SECRET.search(content):
                yield f"{kind}: {name} holds what looks like a key"


def read_allow_list(text: str) -> dict[str, list[str]]:
    """Read the patterns of each section; a line that starts with `#` is a comment."""
    sections: dict[str, list[str]] = {}
    patterns: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            patterns = sections[line.strip("[] ")] = []
        elif line.strip() and not line.startswith("#"):
            patterns.append(line.strip())
    return sections


def compare(names: Iterable[str], patterns: list[str]) -> list[str]:
    """Give the files that no pattern allows, and the patterns that no file needs."""
    listed = sorted(names)
    regexes = {pattern: _regex(pattern) for pattern in patterns}
    strange = [
        name
        for name in listed
        if _is_refused(name) or not any(regex.fullmatch(name) for regex in regexes.values())
    ]
    unused = [p for p, regex in regexes.items() if not any(regex.fullmatch(n) for n in listed)]
    return [
        *(f"{name} is not allowed by tools/package-files.txt" for name in strange),
        *(f"{pattern} in tools/package-files.txt matches nothing" for pattern in unused),
    ]


def missing_sources(names: Iterable[str], root: Path = ROOT) -> list[str]:
    """Give the Python files of the packages that are not in the archive."""
    paths = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    expected = {path.relative_to(root).as_posix() for path in paths}
    return [f"{name} is missing" for name in sorted(expected - set(names))]


def wheel_files(path: Path) -> dict[str, bytes]:
    """Give the files of a wheel; the metadata folder is called `dist-info`."""
    with zipfile.ZipFile(path) as archive:
        return {
            re.sub(r"^lsp_agent-[^/]+\.dist-info/", "dist-info/", name): archive.read(name)
            for name in archive.namelist()
        }


def sdist_files(path: Path) -> dict[str, bytes]:
    """Give the files of an sdist, without the folder that they all lie in."""
    files: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            files[member.name.partition("/")[2]] = content.read() if content else b""
    return files


def _is_refused(name: str) -> bool:
    return bool(_REFUSED.search(name)) and not name.startswith(_SAMPLES)


def _regex(pattern: str) -> re.Pattern[str]:
    # `**` spans folders, `*` stays within one.
    parts = (re.escape(part).replace(r"\*", "[^/]*") for part in pattern.split("**"))
    return re.compile(".*".join(parts))


if __name__ == "__main__":
    sys.exit(main())
