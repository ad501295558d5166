"""Tokens of an authorization server: a real one on loopback, with keys of its own."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from mcp_tools.server.http.oauth import JwtVerifier
from mcp_tools.server.http.options import HttpOptions, ProtectedResource
from tests.mcp_tools.server.http.serving import OneToken, modern, request, serving

pytestmark = pytest.mark.asyncio

AUDIENCE = "https://code.example/mcp"
CALL = {"name": "echo"}
ANONYMOUS: dict[str, Any] = {"authorization": None}


@dataclass
class Issuer:
    """An authorization server: its keys, and what it has been asked for."""

    port: int = 0
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    """What it says about itself otherwise than it should."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def resource(self) -> ProtectedResource:
        return ProtectedResource(url=AUDIENCE, issuer=self.url, scopes=("use",))

    def add_key(self, key_id: str) -> None:
        self.keys[key_id] = ec.generate_private_key(ec.SECP256R1())

    def token(self, key_id: str = "one", *, kind: str = "at+jwt", **changes: Any) -> str:
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "alice",
            "client_id": "zed",
            "scope": "use more",
            "exp": int(time.time()) + 600,
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": key_id, "typ": kind}
        return jwt.encode(claims, self.keys[key_id], algorithm="ES256", headers=headers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split()[1].decode()
        self.asked.append(path)
        body = json.dumps(self._content(path)).encode()
        status = "404 Not Found" if body == b"null" else "200 OK"
        writer.write(
            f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n"
            f"connection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()

    def _content(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            metadata = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
            return metadata | self.changes
        if path != "/keys":
            return None
        keys = [
            {**json.loads(ECAlgorithm.to_jwk(key.public_key())), "kid": key_id}
            for key_id, key in self.keys.items()
        ]
        return {"keys": keys}


@asynccontextmanager
async def issuing() -> AsyncGenerator[Issuer]:
    issuer = Issuer()
    issuer.add_key("one")
    server = await asyncio.start_server(issuer.serve, "127.0.0.1", 0)
    issuer.port = server.sockets[0].getsockname()[1]
    try:
        yield issuer
    finally:
        server.close()
        await server.wait_closed()


async def test_a_token_for_us_says_who_calls() -> None:
    async with issuing() as issuer:
        principal = await JwtVerifier(issuer.resource).verify(issuer.token())

    assert principal is not None
    assert (principal.subject, principal.issuer) == ("alice", issuer.url)
    assert principal.scopes == {"use", "more"}


async def test_who_calls_stays_the_same_with_a_new_token() -> None:
    async with issuing() as issuer:
        verifier = JwtVerifier(issuer.resource)
        ids = [
            principal and principal.id
            for principal in (
                await verifier.verify(issuer.token()),
                await verifier.verify(issuer.token(exp=int(time.time()) + 60)),
                await verifier.verify(issuer.token(sub="bob")),
                await verifier.verify(issuer.token(client_id="vim")),
            )
        ]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


@pytest.mark.protocol("http-token-audience")
@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example/mcp"},
        {"aud": None},
        {"iss": "https://other.example"},
        {"iss": None},
        {"sub": None},
        {"sub": 5},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int(time.time()) + 3600},
        {"kind": "id+jwt"},
    ],
)
async def test_a_token_that_was_not_made_for_us_now_is_refused(changes: dict[str, Any]) -> None:
    async with issuing() as issuer:
        assert await JwtVerifier(issuer.resource).verify(issuer.token(**changes)) is None


async def test_a_signature_must_be_of_the_issuer_with_one_of_its_public_keys() -> None:
    async with issuing() as issuer:
        verifier = JwtVerifier(issuer.resource)
        good = issuer.token()
        claims = jwt.decode(good, options={"verify_signature": False})
        public = json.loads(ECAlgorithm.to_jwk(issuer.keys["one"].public_key()))
        rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        headers = {"kid": "one"}
        forged = [
            good[:-4] + "AAAA",
            jwt.encode(claims, "", algorithm="none", headers=headers),
            jwt.encode(claims, public["x"], algorithm="HS256", headers=headers),
            jwt.encode(claims, rsa_key, algorithm="RS256", headers=headers),
            jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers=headers),
            jwt.encode(claims, issuer.keys["one"], "ES256"),
            "nonsense",
            "a.b.c",
            "",
        ]

        assert await verifier.verify(good) is not None
        assert [await verifier.verify(token) for token in forged] == [None] * len(forged)


async def test_a_new_key_is_looked_for_but_not_at_every_token() -> None:
    now = 0.0
    async with issuing() as issuer:
        verifier = JwtVerifier(issuer.resource, clock=lambda: now)
        await verifier.verify(issuer.token())
        n_asked = len(issuer.asked)
        issuer.add_key("two")

        assert await verifier.verify(issuer.token("two")) is None
        assert await verifier.verify(issuer.token()) is not None
        assert len(issuer.asked) == n_asked
        now = 31.0
        assert await verifier.verify(issuer.token("two")) is not None


async def test_many_tokens_at_once_ask_for_the_keys_once() -> None:
    async with issuing() as issuer:
        verifier = JwtVerifier(issuer.resource)
        principals = await asyncio.gather(*(verifier.verify(issuer.token()) for _ in range(20)))

    assert None not in principals
    assert issuer.asked.count("/keys") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://other.example"},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 5},
        {"padding": "x" * 300_000},
    ],
)
async def test_an_issuer_that_points_elsewhere_gives_no_keys(changes: dict[str, Any]) -> None:
    async with issuing() as issuer:
        issuer.changes = changes

        assert await JwtVerifier(issuer.resource).verify(issuer.token()) is None
        assert "/keys" not in issuer.asked


@pytest.mark.protocol("http-token-metadata")
async def test_clients_learn_where_to_get_a_token() -> None:
    async with issuing() as issuer:
        options = HttpOptions(verifier=JwtVerifier(issuer.resource), resource=issuer.resource)
        async with serving(options) as served:
            refused = await served.ask(modern("tools/call", CALL, authorization=None))
            paths = ("", "/mcp")
            found = [
                await served.ask(
                    request("GET", f"/.well-known/oauth-protected-resource{path}", **ANONYMOUS)
                )
                for path in paths
            ]
            good = {"authorization": f"Bearer {issuer.token()}"}
            served_answer = await served.ask(modern("tools/call", CALL, **good))
            poor = {"authorization": f"Bearer {issuer.token(scope='other')}"}
            lacking = await served.ask(modern("tools/call", CALL, **poor))

    challenge = refused.headers["www-authenticate"]
    url = "https://code.example/.well-known/oauth-protected-resource/mcp"
    assert f'resource_metadata="{url}"' in challenge
    assert [answer.message["authorization_servers"] for answer in found] == [[issuer.url]] * 2
    assert found[0].message["resource"] == AUDIENCE
    assert "access-control-allow-origin" not in found[0].headers
    assert served_answer.status == 200
    assert lacking.status == 403
    assert 'error="insufficient_scope"' in lacking.headers["www-authenticate"]


async def test_the_metadata_too_is_only_for_those_who_know_our_name() -> None:
    resource = ProtectedResource(url=AUDIENCE, issuer="https://login.example")
    async with serving(HttpOptions(verifier=OneToken(), resource=resource)) as served:
        path = "/.well-known/oauth-protected-resource"
        answer = await served.ask(request("GET", path, host="evil.example"))

    assert answer.status == 421
