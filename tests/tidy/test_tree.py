"""The tree as a whole: tools and tests in pairs, and nothing private."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tests.tidy import effects
from tests.tidy.source import PRODUCT, ROOT, Sample, source_files
from tests.tidy.tools_and_tests import strayed_tests, untested_tools

_SKIPPED_FOLDERS = {"__pycache__", "build", "dist", "node_modules"}
_KEPT_DOT_FOLDERS = {".ci", ".github"}

# Anything that names a package registry other than by default.
_REGISTRY = re.compile(
    r"(?:extra-)?index[-_]url(?!\b.*--no-emit)\s*=|find[-_]links\s*=|https?://[\w.-]+/simple\b"
)
_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.M)


def test_every_tool_has_its_test_file() -> None:
    assert not untested_tools(source_files())


def test_a_tool_without_a_test_file_is_found(tmp_path: Path) -> None:
    tool = Sample(path="mcp_tools/tools/grep.py", text="").parse()
    assert untested_tools((tool,), tmp_path) == ["tests/mcp_tools/tools/test_grep.py"]
    test_file = tmp_path / "tests/mcp_tools/tools/test_grep.py"
    test_file.parent.mkdir(parents=True)
    test_file.touch()
    assert not untested_tools((tool,), tmp_path)


def test_tests_lie_where_their_subject_lies() -> None:
    paths = [source.path for source in source_files() if source.name.startswith("test_")]
    mirrored = tuple(f"tests/{package}/" for package in PRODUCT)
    assert not strayed_tests([path for path in paths if path.startswith(mirrored)])


def test_a_strayed_test_is_found(tmp_path: Path) -> None:
    (tmp_path / "a/b/c").mkdir(parents=True)
    for name in ("d", "__main__"):
        (tmp_path / f"a/b/{name}.py").touch()
    kept = [f"tests/a/b/test_{stem}.py" for stem in ("c", "d", "d_when_full", "main")]
    assert strayed_tests([*kept, "tests/a/b/test_e.py"], tmp_path) == ["tests/a/b/test_e.py"]


def test_every_folder_of_the_product_is_a_package() -> None:
    paths = {source.path for source in source_files() if source.is_product}
    folders = {path.rpartition("/")[0] for path in paths}
    assert not sorted(folder for folder in folders if f"{folder}/__init__.py" not in paths)


def test_ruff_and_this_folder_permit_the_same_files() -> None:
    """Ruff bans some effects too; what it lets pass must have a permit here."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ignores: dict[str, Any] = settings["tool"]["ruff"]["lint"]["per-file-ignores"]
    exempt = [pattern for pattern, codes in ignores.items() if "TID251" in codes]
    sources = [s for s in source_files() if any(fnmatch(s.path, pattern) for pattern in exempt)]
    assert not [s.path for s in sources if s.is_product and not effects.allowed_effects(s.path)]


def test_no_file_tells_where_it_was_made() -> None:
    places = _own_places(ROOT.parent, Path.home())
    found = [f"{name}: {line.strip()}" for name, line in _text_lines() if _tells(line, places)]
    assert not found, "\n".join(found)


def test_private_places_are_recognized() -> None:
    places = _own_places(Path("/srv/build"), Path("/"))
    private = (
        "open('/srv/build" + "/main/a')",
        "--extra-index" + "-url=https://example.org",
        "find" + "-links = wheels",
        "https://packages.example.org/" + "simple/",
    )
    public = ("/workspace/a.py", "a/srv/build", "~/.config", "--no-emit-index-url")
    assert all(_tells(text, places) for text in private)
    assert not [text for text in public if _tells(text, places)]
    assert not _own_places(Path("/tmp"))


def test_the_run_lock_is_a_part_of_the_whole_lock() -> None:
    whole = set(_PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    part = set(_PIN.findall((ROOT / "requirements-run.lock").read_text(encoding="utf-8")))
    assert part
    assert part < whole


def test_every_dependency_is_locked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[<>=!~;\[ ]", text)[0] for text in settings["project"]["dependencies"]}
    pins = _PIN.findall((ROOT / "requirements-run.lock").read_text(encoding="utf-8"))
    assert wanted <= {name for name, _ in pins}


def _own_places(*folders: Path) -> tuple[str, ...]:
    """Give the folders of this machine that no file may name, as they would be written.

    What every machine has is none of them, wherever the project was put.
    """
    everywhere = {Path("/tmp"), Path("/var/tmp"), *(Path(folder.anchor) for folder in folders)}
    return tuple(f"{folder}/" for folder in folders if folder not in everywhere)


def _tells(line: str, places: tuple[str, ...]) -> bool:
    return bool(_REGISTRY.search(line)) or any(place in line for place in places)


def _text_lines() -> Iterator[tuple[str, str]]:
    for path in _files(ROOT):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        yield from ((name, line) for line in text.splitlines())


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        is_hidden = path.name.startswith(".") and path.name not in _KEPT_DOT_FOLDERS
        if path.is_symlink():
            continue
        if path.is_file():
            yield path
        elif not is_hidden and path.name not in _SKIPPED_FOLDERS and not _is_environment(path):
            yield from _files(path)


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").exists()
