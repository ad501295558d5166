"""Name paths match by their end, or as a whole."""

import pytest

from mcp_tools.code.navigation.name_paths import NamePath


@pytest.mark.parametrize(
    ("wanted", "path", "is_match"),
    [
        ("m", "m", True),
        ("m", "C/m", True),
        ("C/m", "C/m", True),
        ("C.m", "C/m", True),
        ("C/m", "A/C/m", True),
        ("C/m", "AC/m", False),
        ("/m", "C/m", False),
        ("/m", "m", True),
        ("/C/m", "C/m", True),
        ("/C/m", "A/C/m", False),
        ("m", "m[1]", True),
        ("m[1]", "m[1]", True),
        ("m[0]", "m", True),
        ("m[0]", "m[1]", False),
        ("m[1]", "m", False),
        ("C[1]/m", "C/m", False),
        ("C[1]/m", "C[1]/m", True),
        ("C/m", "m", False),
        ("", "m", False),
        ("/", "m", False),
    ],
)
def test_a_name_path_matches(wanted: str, path: str, *, is_match: bool) -> None:
    assert NamePath.parse(wanted).matches(path) is is_match


def test_the_name_is_the_last_one_without_its_number() -> None:
    assert NamePath.parse("C/m[2]").name == "m"
    assert NamePath.parse("").name == ""
