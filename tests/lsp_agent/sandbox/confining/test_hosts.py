"""Hosts: one spelling is compared and called, by whole labels."""

import pytest

from lsp_agent.sandbox.confining.hosts import BadHost, allowed_hosts, host_of


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("pypi.org", "pypi.org"),
        ("PyPI.Org.", "pypi.org"),
        ("files.pythonhosted.org", "files.pythonhosted.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a_b.example.org", "a_b.example.org"),
    ],
)
def test_a_host_has_one_spelling(text: str, host: str) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "localhost", "a..b", "-a.org", "a-.org", "a b.org", "a.org\0.evil.org"),
        *("a.org\n", "a.org\t", "a.org:443", "a.org/x", "a.org#", "a.org@b.org", "a.org%00"),
        *("127.0.0.1", "0x7f.0.0.0x1", "[::1]", "::1", "2130706433", "1.2.3.4."),
        *("a" * 64 + ".org", "a." * 130 + "org", "\u2024org", "\u202egro.ipyp", "a。b\0c"),
    ],
)
def test_what_is_no_name_of_a_host_is_refused(text: str) -> None:
    with pytest.raises(BadHost):
        host_of(text)


@pytest.mark.parametrize(
    ("patterns", "host", "is_allowed"),
    [
        (("pypi.org",), "pypi.org", True),
        (("PYPI.org",), "pypi.org", True),
        (("pypi.org",), "evil-pypi.org", False),
        (("pypi.org",), "pypi.org.evil.com", False),
        (("pypi.org",), "files.pypi.org", False),
        (("*.pypi.org",), "files.pypi.org", True),
        (("*.pypi.org",), "a.b.pypi.org", True),
        (("*.pypi.org",), "pypi.org", False),
        (("*.pypi.org",), "notpypi.org", False),
        ((), "pypi.org", False),
    ],
)
def test_whole_labels_are_compared(
    patterns: tuple[str, ...], host: str, *, is_allowed: bool
) -> None:
    assert allowed_hosts(patterns).allows(host_of(host)) == is_allowed


@pytest.mark.parametrize(
    "pattern", ["*", "*.", "*.org", "a.*.org", "*a.org", "**.a.org", "https://a.org"]
)
def test_a_pattern_that_says_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(BadHost):
        allowed_hosts((pattern,))
