"""The keys with which an authorization server signs its tokens.

They come from the issuer that was configured and from no other origin, are kept for an hour, and
are asked for again early only when a token names an unknown key, and then not often.
Source: RFC 8414; OpenID Connect Discovery 1.0; RFC 7517.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2
from jwt import PyJWK, PyJWTError
from pydantic import BaseModel, ValidationError

from mcp_tools.server.http.addresses import is_loopback
from mcp_tools.server.http.issuers import is_trustworthy_url, origin_of

_TIMEOUT_S = 5.0
_MAX_BYTES = 256 * 1024
_MAX_KEYS = 100
_KEPT_S = 3600.0
_PAUSE_S = 30.0
_logger = logging.getLogger(__name__)


class KeysUnavailable(Exception):
    """The issuer gives no usable keys; says why."""


class SigningKeys:
    """The keys of one issuer, by their ids."""

    def __init__(self, issuer: str, *, clock: Callable[[], float]) -> None:
        """Take the issuer's URL, and a clock that counts seconds; nothing is fetched yet."""
        self._issuer = issuer
        self._clock = clock
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def find(self, key_id: str) -> PyJWK | None:
        """Give a key; None if the issuer has none of this id, or cannot be reached."""
        if key_id not in self._keys or self._is_older(self._fetched_at, _KEPT_S):
            async with self._one_at_a_time:
                if self._is_older(self._tried_at, _PAUSE_S):
                    await self._renew()
        return self._keys.get(key_id)

    def _is_older(self, moment: float | None, age_s: float) -> bool:
        return moment is None or self._clock() - moment > age_s

    async def _renew(self) -> None:
        self._tried_at = self._clock()
        try:
            self._keys = await _fetch_keys(self._issuer)
        except (KeysUnavailable, httpx2.HTTPError) as error:
            _logger.warning("No keys from %s: %s", self._issuer, error)
        else:
            self._fetched_at = self._clock()


class _Metadata(BaseModel):
    issuer: str
    jwks_uri: str


class _KeySet(BaseModel):
    keys: list[dict[str, object]]


async def _fetch_keys(issuer: str) -> dict[str, PyJWK]:
    is_local = is_loopback(urlsplit(issuer).hostname or "")
    async with (
        asyncio.timeout(2 * _TIMEOUT_S),
        httpx2.AsyncClient(
            timeout=_TIMEOUT_S, follow_redirects=False, trust_env=not is_local
        ) as client,
    ):
        metadata = await _fetch_metadata(client, issuer)
        data = await _fetch(client, metadata.jwks_uri)
    if data is None:
        raise KeysUnavailable("there is no key set where its metadata says")
    return _keys_of(data)


async def _fetch_metadata(client: httpx2.AsyncClient, issuer: str) -> _Metadata:
    for url in _metadata_urls(issuer):
        data = await _fetch(client, url)
        if data is not None:
            metadata = _metadata_of(data)
            _check(metadata, issuer)
            return metadata
    raise KeysUnavailable("it has no metadata at any of the usual places")


def _metadata_urls(issuer: str) -> tuple[str, ...]:
    path = urlsplit(issuer).path.rstrip("/")
    origin = origin_of(issuer)
    return (
        f"{origin}/.well-known/oauth-authorization-server{path}",
        f"{origin}/.well-known/openid-configuration{path}",
        f"{origin}{path}/.well-known/openid-configuration",
    )


def _metadata_of(data: bytes) -> _Metadata:
    try:
        return _Metadata.model_validate_json(data)
    except ValidationError as error:
        raise KeysUnavailable("its metadata names no issuer or no keys") from error


def _check(metadata: _Metadata, issuer: str) -> None:
    if metadata.issuer != issuer:
        raise KeysUnavailable(f"its metadata is that of {metadata.issuer!r}")
    keys_url = metadata.jwks_uri
    if not is_trustworthy_url(keys_url) or origin_of(keys_url) != origin_of(issuer):
        raise KeysUnavailable(f"its keys are at another origin: {keys_url!r}")


async def _fetch(client: httpx2.AsyncClient, url: str) -> bytes | None:
    data = bytearray()
    async with client.stream("GET", url, headers={"accept": "application/json"}) as response:
        if response.status_code != 200:
            return None
        async for part in response.aiter_bytes():
            data += part
            if len(data) > _MAX_BYTES:
                raise KeysUnavailable(f"{url} gives more than {_MAX_BYTES} bytes")
    return bytes(data)


def _keys_of(data: bytes) -> dict[str, PyJWK]:
    try:
        stored = _KeySet.model_validate_json(data).keys[:_MAX_KEYS]
    except ValidationError as error:
        raise KeysUnavailable("its key set is not one") from error
    keys: dict[str, PyJWK] = {}
    for entry in stored:
        key_id = entry.get("kid")
        if not isinstance(key_id, str) or entry.get("use", "sig") != "sig":
            continue
        try:
            keys[key_id] = PyJWK(entry)
        except PyJWTError:
            _logger.info("A key of an unknown kind is left out: %s", json.dumps(key_id))
    return keys
