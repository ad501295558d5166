"""Taking addresses apart."""

import pytest

from mcp_tools.types.errors import ExpectedError
from mcp_tools.web.targets import joined, target_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://EXAMPLE.org", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("https://example.org.:8443/", "https://example.org:8443/"),
        ("http://b\u00fccher.example/\u00fc", "http://xn--bcher-kva.example/%C3%BC"),
        ("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080/"),
        ("http://example\u3002org/", "http://example.org/"),
        ("http://0x7f.1/", "http://0x7f.1/"),
    ],
)
def test_an_address_has_one_form(url: str, expected: str) -> None:
    assert target_of(url).url == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "/a", "//example.org/", "http://", "http:///a", "http://?q"),
        *("file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "data:text/html,x"),
        *("gopher://example.org/", "http+unix://a/"),
        *("http://user@example.org/", "http://user:pass@example.org/", "http://@example.org/"),
        *("http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/"),
        *("http://exa mple.org/", "http://example.org/\n", "http://example.org\0.evil/"),
        *("http://example.org/\r\nHost:%20x", "http://a..b/", "http://.a/", "http://a:99999/"),
        *("http://[fe80::1%25eth0]/", "http://[::1/", "http://a:b/", "http://ex%00ample.org/"),
        *("http://127.0.0.1%2f@example.org/", "http://\u2460.1.1.1/", "http://\ud800/"),
        "http://example.org/" + "a" * 4000,
    ],
)
def test_what_is_unclear_or_no_page_is_refused(url: str) -> None:
    with pytest.raises(ExpectedError):
        target_of(url)


def test_a_redirection_is_taken_from_where_it_came() -> None:
    start = target_of("https://example.org/a/b?c")
    assert joined(start, "../d e").url == "https://example.org/d%20e"
    assert joined(start, "//other.example/x").url == "https://other.example/x"


@pytest.mark.parametrize(
    "location",
    ["http://example.org/", "file:///etc/passwd", "https://u@example.org/", "https://a:0/"],
)
def test_a_redirection_to_something_worse_is_refused(location: str) -> None:
    with pytest.raises(ExpectedError):
        joined(target_of("https://example.org/"), location)
