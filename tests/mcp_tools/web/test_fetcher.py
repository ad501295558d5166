"""Fetching from real servers on loopback, and not from where nothing may be fetched."""

import asyncio
import gzip
import os
import ssl
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mcp_tools.types.errors import ExpectedError
from mcp_tools.web.addresses import Address, is_public
from mcp_tools.web.fetcher import WebFetcher
from mcp_tools.web.reach import Reach
from tests.support.web import (
    LOCAL,
    LOCAL_FETCHER,
    LocalSite,
    Talk,
    answer,
    any_port,
    asking,
    local_site,
    redirect,
)

pytestmark = pytest.mark.asyncio


class Names:
    """A resolver that gives prepared answers, the last one for ever."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)
        self.n_asked = 0

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        del host, port
        self.n_asked += 1
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def is_first_of_loopback(address: Address) -> bool:
    return str(address) == "127.0.0.1"


async def test_a_page_comes_with_its_type_and_address() -> None:
    async with local_site() as site:
        site.pages["/a?b=c"] = answer(b"hello", "Content-Type: Text/HTML; charset=ISO-8859-1")
        fetched = await LOCAL_FETCHER.fetch(asking(f"{site.url}/a?b=c#part"))
    assert (fetched.status, fetched.body, fetched.is_cut) == (200, b"hello", False)
    assert (fetched.content_type, fetched.charset) == ("text/html", "ISO-8859-1")
    assert fetched.url == f"{site.url}/a?b=c"
    head = site.asked[0].lower()
    assert head.startswith("get /a?b=c http/1.1\r\n")
    assert f"host: site.test:{site.port}\r\n" in head
    assert "cookie" not in head
    assert "authorization" not in head


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://127.1/"),
        *("http://2130706433/", "http://0x7f.1/", "http://0/"),
        *("http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/"),
        *("http://10.0.0.1/", "http://[fd00:ec2::254]/", "http://localhost./"),
    ],
)
async def test_by_default_nothing_but_the_public_internet_is_called(url: str) -> None:
    with pytest.raises(ExpectedError, match=r"not on the public internet|not found"):
        await WebFetcher().fetch(asking(url))


async def test_by_default_a_server_on_loopback_hears_nothing() -> None:
    async with local_site() as site:
        fetcher = WebFetcher(Reach(is_allowed_port=any_port))
        with pytest.raises(ExpectedError, match="not on the public internet"):
            await fetcher.fetch(asking(f"http://127.0.0.1:{site.port}/"))
        with pytest.raises(ExpectedError, match="port"):
            await WebFetcher().fetch(asking(f"http://8.8.8.8:{site.port}/"))
    assert site.asked == []


async def test_one_bad_address_among_good_ones_is_enough() -> None:
    names = Names(("8.8.8.8", "127.0.0.1"))
    fetcher = WebFetcher(Reach(resolve=names.resolve))
    with pytest.raises(ExpectedError, match=r"127\.0\.0\.1 is not on the public internet"):
        await fetcher.fetch(asking("http://site.test/"))


async def test_a_name_is_resolved_once_and_what_was_checked_is_called() -> None:
    async with local_site() as site:
        site.pages["/"] = answer(b"ok")
        # The second answer would lead to nobody.
        names = Names(("127.0.0.1",), ("192.0.2.1",))
        fetcher = WebFetcher(replace(LOCAL, resolve=names.resolve))
        assert (await fetcher.fetch(asking(f"{site.url}/"))).body == b"ok"
    assert names.n_asked == 1


async def test_a_name_that_turns_private_for_a_redirection_is_refused() -> None:
    async with local_site() as site:
        site.pages["/"] = redirect("/secret")
        site.pages["/secret"] = answer(b"secret")
        names = Names(("127.0.0.1",), ("127.0.0.2",))
        allowed = replace(LOCAL, resolve=names.resolve, is_allowed=is_first_of_loopback)
        with pytest.raises(ExpectedError, match=r"127\.0\.0\.2 is not on the public internet"):
            await WebFetcher(allowed).fetch(asking(f"{site.url}/"))
    assert len(site.asked) == 1


async def test_a_redirection_to_a_private_address_is_refused() -> None:
    async with local_site() as site:
        site.pages["/"] = redirect("http://169.254.169.254/latest/")
        reach = Reach(
            is_allowed=lambda ip: is_first_of_loopback(ip) or is_public(ip),
            is_allowed_port=any_port,
        )
        with pytest.raises(ExpectedError, match=r"169\.254\.169\.254"):
            await WebFetcher(reach).fetch(asking(f"http://127.0.0.1:{site.port}/"))


async def test_redirections_are_followed_but_not_for_ever() -> None:
    async with local_site() as site:
        site.pages["/"] = redirect("/b")
        site.pages["/b"] = redirect(f"{site.url}/c")
        site.pages["/c"] = answer(b"end")
        site.pages["/loop"] = redirect("/loop")
        fetched = await LOCAL_FETCHER.fetch(asking(f"{site.url}/"))
        assert (fetched.url, fetched.body) == (f"{site.url}/c", b"end")
        with pytest.raises(ExpectedError, match="redirects more than 5 times"):
            await LOCAL_FETCHER.fetch(asking(f"{site.url}/loop"))
    assert len(site.asked) == 3 + 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://u:p@site.test/", "gopher://a/"])
async def test_a_redirection_to_what_is_no_page_is_refused(location: str) -> None:
    async with local_site() as site:
        site.pages["/"] = redirect(location)
        with pytest.raises(ExpectedError):
            await LOCAL_FETCHER.fetch(asking(f"{site.url}/"))


async def test_a_long_body_is_cut_and_an_endless_one_is_left() -> None:
    async with local_site() as site:
        site.pages["/long"] = answer(b"x" * 1000)
        site.pages["/endless"] = endless
        cut = await LOCAL_FETCHER.fetch(asking(f"{site.url}/long", max_bytes=999))
        assert (len(cut.body), cut.is_cut) == (999, True)
        whole = await LOCAL_FETCHER.fetch(asking(f"{site.url}/long", max_bytes=1000))
        assert (len(whole.body), whole.is_cut) == (1000, False)
        left = await LOCAL_FETCHER.fetch(asking(f"{site.url}/endless", max_bytes=5000))
        assert (len(left.body), left.is_cut) == (5000, True)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"400\r\n" + b"y" * 1024 + b"\r\n")
        await writer.drain()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


async def test_compressed_bodies_are_unpacked_within_bounds() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    async with local_site() as site:
        for path, body, encoding in (
            ("/gzip", gzip.compress(b"hello"), "gzip"),
            ("/deflate", zlib.compress(b"hello"), "deflate"),
            ("/raw", raw_deflate(b"hello"), "deflate"),
            ("/bomb", bomb, "gzip"),
            ("/damaged", b"no gzip", "gzip"),
            ("/other", b"x", "br"),
        ):
            site.pages[path] = answer(body, f"Content-Encoding: {encoding}")
        for path in ("/gzip", "/deflate", "/raw"):
            assert (await LOCAL_FETCHER.fetch(asking(f"{site.url}{path}"))).body == b"hello"
        fetched = await LOCAL_FETCHER.fetch(asking(f"{site.url}/bomb"))
        assert (len(fetched.body), fetched.is_cut) == (100_000, True)
        with pytest.raises(ExpectedError, match="damaged"):
            await LOCAL_FETCHER.fetch(asking(f"{site.url}/damaged"))
        with pytest.raises(ExpectedError, match="'br', which is unknown"):
            await LOCAL_FETCHER.fetch(asking(f"{site.url}/other"))


async def silent(writer: asyncio.StreamWriter) -> None:
    await writer.wait_closed()


async def stalling(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    writer.write(b"z")
    await writer.wait_closed()


@pytest.mark.parametrize("talk", [silent, stalling])
async def test_a_slow_server_is_left_when_time_is_up(talk: Talk) -> None:
    async with local_site() as site:
        site.pages["/"] = talk
        with pytest.raises(ExpectedError, match=r"did not answer whole within 0\.2 s"):
            await LOCAL_FETCHER.fetch(asking(f"{site.url}/", timeout_s=0.2))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"no http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)
async def test_a_broken_server_is_an_expected_failure(said: bytes) -> None:
    async with local_site() as site:
        site.pages["/"] = said
        with pytest.raises(ExpectedError, match="cannot be reached"):
            await LOCAL_FETCHER.fetch(asking(f"{site.url}/"))


async def test_a_server_that_is_not_there_is_told() -> None:
    async with local_site() as site:
        url = site.url
    with pytest.raises(ExpectedError, match="cannot be reached"):
        await LOCAL_FETCHER.fetch(asking(f"{url}/"))


async def test_a_host_without_an_address_is_told() -> None:
    async def nowhere(host: str, port: int) -> tuple[str, ...]:
        raise OSError(host, port)

    for reach in (replace(LOCAL, resolve=nowhere), replace(LOCAL, resolve=Names(()).resolve)):
        with pytest.raises(ExpectedError, match=r"'site\.test' (was not found|has no address)"):
            await WebFetcher(reach).fetch(asking("http://site.test/"))


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with local_site() as site:
        site.pages["/"] = answer(b"ok")
        names = Names(("127.0.0.9", "127.0.0.1"))
        fetcher = WebFetcher(replace(LOCAL, resolve=names.resolve))
        assert (await fetcher.fetch(asking(f"{site.url}/"))).body == b"ok"


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with local_site() as site, local_site() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        site.pages["/"] = answer(b"ok")
        assert (await LOCAL_FETCHER.fetch(asking(f"{site.url}/"))).body == b"ok"
    assert proxy.asked == []


async def test_cookies_are_not_kept_for_the_next_step() -> None:
    async with local_site() as site:
        site.pages["/"] = answer(b"", "Location: /b", "Set-Cookie: a=b", status="302 Found")
        site.pages["/b"] = answer(b"ok")
        await LOCAL_FETCHER.fetch(asking(f"{site.url}/"))
    assert all("cookie" not in head.lower() for head in site.asked)


def certificate(folder: Path, name: str) -> Path:
    """Make a certificate for a host, signed by itself, in one file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    )
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
    )
    signed = builder.sign(key, hashes.SHA256())
    path = folder / f"{name}.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(signed.public_bytes(encoding) + private)
    return path


def tls_of(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def test_certificates_are_checked_for_the_name_and_not_for_the_address(
    tmp_path: Path,
) -> None:
    path = certificate(tmp_path, "site.test")
    trusting = replace(LOCAL, trust=lambda: ssl.create_default_context(cafile=os.fspath(path)))
    async with local_site(tls_of(path)) as site:
        site.pages["/"] = answer(b"ok")
        url = secure(site)
        assert (await WebFetcher(trusting).fetch(asking(f"{url}/"))).body == b"ok"
        with pytest.raises(ExpectedError, match=r"(?i)hostname mismatch"):
            await WebFetcher(trusting).fetch(asking(f"https://other.test:{site.port}/"))
        with pytest.raises(ExpectedError, match="cannot be reached"):
            await LOCAL_FETCHER.fetch(asking(f"{url}/"))


async def test_a_redirection_from_https_to_http_is_refused(tmp_path: Path) -> None:
    path = certificate(tmp_path, "site.test")
    trusting = replace(LOCAL, trust=lambda: ssl.create_default_context(cafile=os.fspath(path)))
    async with local_site(tls_of(path)) as site:
        site.pages["/"] = redirect("http://site.test/")
        with pytest.raises(ExpectedError, match="from https to http"):
            await WebFetcher(trusting).fetch(asking(f"{secure(site)}/"))


def secure(site: LocalSite) -> str:
    return site.url.replace("http:", "https:")
