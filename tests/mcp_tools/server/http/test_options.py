"""Where the server refuses to listen."""

from pathlib import Path

import pytest

from mcp_tools.server.http.options import HttpOptions, ProtectedResource, TlsFiles, checked
from mcp_tools.types.errors import Denied
from tests.mcp_tools.server.http.serving import OneToken

TLS = TlsFiles(certificate=Path("a.pem"), key=Path("b.pem"))
NAMES = frozenset({"code.example"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_loopback_needs_no_more_than_a_token(host: str) -> None:
    checked(HttpOptions(host=host, verifier=OneToken()))
    checked(HttpOptions(host=host, is_open=True))


@pytest.mark.protocol("http-local")
@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "code.example", "127.1", "::"])
def test_other_addresses_need_tls_or_a_clear_word(host: str) -> None:
    with pytest.raises(Denied, match="without TLS"):
        checked(HttpOptions(host=host, verifier=OneToken()))
    checked(HttpOptions(host=host, verifier=OneToken(), tls=TLS, hosts=NAMES))
    checked(HttpOptions(host=host, verifier=OneToken(), allows_plain=True, hosts=NAMES))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])  # noqa: S104 - it is refused
def test_all_addresses_need_the_names_of_this_machine(host: str) -> None:
    with pytest.raises(Denied, match="names"):
        checked(HttpOptions(host=host, verifier=OneToken(), tls=TLS))


@pytest.mark.protocol("http-local")
def test_only_loopback_is_open() -> None:
    with pytest.raises(Denied, match="loopback"):
        checked(HttpOptions(host="192.0.2.1", is_open=True, tls=TLS, allows_plain=True))


def test_tokens_are_not_left_out_by_accident() -> None:
    with pytest.raises(Denied, match="tokens"):
        checked(HttpOptions())
    with pytest.raises(Denied, match="choose one"):
        checked(HttpOptions(is_open=True, verifier=OneToken()))


@pytest.mark.parametrize(
    "resource",
    [
        ProtectedResource(url="http://code.example/mcp", issuer="https://login.example"),
        ProtectedResource(url="https://code.example/mcp", issuer="http://login.example"),
        ProtectedResource(url="https://code.example/mcp", issuer="https://me@login.example"),
        ProtectedResource(url="https://code.example/mcp", issuer="ftp://login.example"),
        ProtectedResource(url='https://code.example/"', issuer="https://login.example"),
        ProtectedResource(
            url="https://code.example/mcp", issuer="https://login.example", scopes=('a"b',)
        ),
    ],
)
def test_an_authorization_server_must_be_reached_safely(resource: ProtectedResource) -> None:
    with pytest.raises(Denied):
        checked(HttpOptions(verifier=OneToken(), resource=resource))
