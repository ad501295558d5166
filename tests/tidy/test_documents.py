"""The documents stay true: links, commands, code map, versions."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.tidy.source import PRODUCT, ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "AGENTS.md", "CHANGELOG.md")

_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
_MAKE = re.compile(r"(?:`|^)make ([a-z][a-z0-9-]*)", re.M)
_TARGET = re.compile(r"^([a-z][a-z0-9-]*):", re.M)
_MAP_ROW = re.compile(r"^\| `((?:mcp_tools|lsp_agent)/[\w./]+)` \|", re.M)

every_document = pytest.mark.parametrize("name", DOCUMENTS)


@every_document
def test_links_in_a_document_lead_to_files(name: str) -> None:
    links: list[str] = _LINK.findall(_read(name))
    assert not [link for link in links if not (ROOT / link).exists()]


@every_document
def test_a_document_names_targets_of_make_that_exist(name: str) -> None:
    named = set(_MAKE.findall(_read(name)))
    assert named <= set(_TARGET.findall(_read("Makefile")))


@every_document
def test_a_document_has_one_sentence_a_line(name: str) -> None:
    """A change of one sentence is then a change of one line."""
    prose = re.sub(r"```.*?```", "", _read(name), flags=re.S)
    lines = [line for line in prose.splitlines() if not re.match(r"[|#\-]|\d+\.|    ", line)]
    sentence_ends = re.compile(r"[a-z)`]\. [A-Z`*]")
    assert not [line for line in lines if sentence_ends.search(re.sub(r"\b\w\. ", "", line))]


def test_the_code_map_names_every_room_and_no_other() -> None:
    mapped = set(_MAP_ROW.findall(_code_map()))
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for package in PRODUCT
        for path in (ROOT / package).glob("*/*.py")
    }
    assert not sorted(folders - mapped), "folders that the code map lacks"
    assert not sorted(name for name in mapped if not (ROOT / name).exists())


def test_the_newest_version_of_the_changelog_is_the_packages() -> None:
    version: str = tomllib.loads(_read("pyproject.toml"))["project"]["version"]
    released: list[str] = re.findall(r"^## \[(\d[^\]]*)\]", _read("CHANGELOG.md"), re.M)
    assert not released or released[0] == version


def _code_map() -> str:
    return _read("README.md").partition("## Code map")[2].partition("\n## ")[0]


def _read(name: str) -> str:
    return Path(ROOT / name).read_text(encoding="utf-8")
