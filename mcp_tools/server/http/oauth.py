"""Tokens of an authorization server: signed by it, meant for us, and not expired.

Source: RFC 9068; RFC 8725 for what is refused.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from mcp_tools.server.http.access import Principal
from mcp_tools.server.http.options import ProtectedResource
from mcp_tools.server.http.signing_keys import SigningKeys

_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures with a public key only: a secret that we knew could sign tokens too."""

_KINDS = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_LEEWAY_S = 10


class JwtVerifier:
    """A `Verifier` of the access tokens that one issuer signs for one resource."""

    def __init__(
        self, resource: ProtectedResource, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take who we are and who gives out tokens; keys are fetched with the first token."""
        self._resource = resource
        self._keys = SigningKeys(resource.issuer, clock=clock)

    async def verify(self, token: str) -> Principal | None:
        """Give who a token was made for; None if it is not good here."""
        try:
            header = jwt.get_unverified_header(token)
            algorithm, key_id = header.get("alg"), header.get("kid")
            kind = header.get("typ", "JWT")
            if algorithm not in _ALGORITHMS or not isinstance(key_id, str):
                return None
            if not isinstance(kind, str) or kind.lower() not in _KINDS:
                return None
            key = await self._keys.find(key_id)
            return None if key is None else self._principal(self._claims(token, key, algorithm))
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            return None

    def is_still_good(self, principal: Principal) -> bool:
        """Tell whether the token has not expired."""
        return principal.expires_at is None or time.time() <= principal.expires_at + _LEEWAY_S

    def _claims(self, token: str, key: jwt.PyJWK, algorithm: str) -> Mapping[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=self._resource.url,
            issuer=self._resource.issuer,
            leeway=_LEEWAY_S,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )

    def _principal(self, claims: Mapping[str, Any]) -> Principal:
        subject = str(claims["sub"])
        client = str(claims.get("client_id") or claims.get("azp") or "")
        issuer = self._resource.issuer
        named = "\0".join((issuer, client, subject)).encode("utf-8", "surrogatepass")
        return Principal(
            id=f"oauth:{hashlib.sha256(named).hexdigest()[:24]}",
            scopes=_scopes_of(claims),
            issuer=issuer,
            subject=subject,
            expires_at=float(claims["exp"]),
        )


def _scopes_of(claims: Mapping[str, Any]) -> frozenset[str]:
    scopes = claims.get("scope", claims.get("scp", ""))
    words = scopes.split() if isinstance(scopes, str) else scopes
    return frozenset(word for word in words if isinstance(word, str))
