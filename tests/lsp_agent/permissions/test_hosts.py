"""Hosts of addresses, and patterns of them."""

import pytest

from lsp_agent.permissions.hosts import covers_host, host_of, host_pattern
from mcp_tools.types.errors import ExpectedError


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Docs.Example.com/a", "docs.example.com"),
        ("https://example.com.:8443/", "example.com"),
        ("http://b\u00fccher.example/", "xn--bcher-kva.example"),
        ("http://[::1]/", "::1"),
        ("https://good.example@evil.example/", None),
        ("file:///etc/passwd", None),
        ("example.com", None),
        ("https://a\0.example/", None),
        ("https://good.example\\@evil.example/", None),
    ],
)
def test_the_host_is_the_one_that_is_called(url: str, host: str | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("pattern", "host", "is_covered"),
    [
        ("example.com", "example.com", True),
        ("EXAMPLE.com.", "example.com", True),
        ("example.com", "docs.example.com", False),
        ("example.com", "example.com.evil.org", False),
        ("*.example.com", "docs.example.com", True),
        ("*.example.com", "a.b.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "badexample.com", False),
        ("*.b\u00fccher.example", "a.xn--bcher-kva.example", True),
        ("::1", "::1", True),
        ("*", "anything.example", True),
    ],
)
def test_a_pattern_is_about_whole_labels(pattern: str, host: str, *, is_covered: bool) -> None:
    assert covers_host(host_pattern(pattern), host) is is_covered


@pytest.mark.parametrize(
    "text", ["", "*.", "a*.b", "**", "a/b", "a@b", "a:80", "a b", "https://a", "a#b", "a?b", "-"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ExpectedError):
        host_pattern(text)
