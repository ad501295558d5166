"""Listening: over TLS, on a port that is taken, and with keys that are none."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mcp_tools.server.http.app import make_app
from mcp_tools.server.http.options import HttpLimits, HttpOptions, TlsFiles
from mcp_tools.server.http.serving import serve_http
from mcp_tools.types.errors import Denied
from tests.mcp_tools.server.http.serving import (
    WAIT_S,
    OneToken,
    connected,
    echo,
    read_answer,
    serving,
    small_server,
)

pytestmark = pytest.mark.asyncio


@pytest.fixture
def tls(tmp_path: Path) -> TlsFiles:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    files = TlsFiles(certificate=tmp_path / "certificate.pem", key=tmp_path / "key.pem")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


async def test_calls_come_over_tls(tls: TlsFiles) -> None:
    context = ssl.create_default_context(cafile=str(tls.certificate))
    async with serving(HttpOptions(verifier=OneToken(), tls=tls)) as served:
        async with asyncio.timeout(WAIT_S):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", served.port, ssl=context, server_hostname="127.0.0.1"
            )
            writer.write(echo(a=1) + echo(a=2))
            answers = [await read_answer(reader) for _ in range(2)]
        writer.close()

    assert [answer.status for answer in answers] == [200, 200]


async def test_who_does_not_shake_hands_is_closed_and_keeps_no_place(tls: TlsFiles) -> None:
    limits = HttpLimits(head_s=0.1, unproven_connections=2)
    async with (
        serving(HttpOptions(verifier=OneToken(), tls=tls, limits=limits)) as served,
        connected(served.port) as (one, _),
        connected(served.port) as (two, _),
        connected(served.port) as (three, writer),
    ):
        writer.write(b"GET /mcp HTTP/1.1\r\n\r\n")  # no TLS at all
        await asyncio.gather(one.read(), two.read(), three.read())


async def test_a_port_that_is_taken_is_an_expected_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        options = HttpOptions(port=taken.getsockname()[1], is_open=True)

        with pytest.raises(Denied, match="Cannot listen"):
            await asyncio.wait_for(serve_http(small_server(), options), WAIT_S)


async def test_a_key_that_is_none_is_an_expected_failure(tls: TlsFiles) -> None:
    tls.key.write_text("nonsense", encoding="utf-8")

    with pytest.raises(Denied, match="certificate"):
        await asyncio.wait_for(
            serve_http(small_server(), HttpOptions(port=0, is_open=True, tls=tls)), WAIT_S
        )


async def test_unsafe_options_make_no_app() -> None:
    with pytest.raises(Denied):
        make_app(small_server(), HttpOptions())
