"""Who calls, in the words of the SDK: sessions and sealed states are bound to it."""

from functools import lru_cache

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.authentication import AuthCredentials
from starlette.types import Scope

from mcp_tools.server.http.access import Principal

AUTHORIZATION = b"authorization"


def scope_of(scope: Scope, principal: Principal | None) -> Scope:
    """Give a request's scope with who has been proved; the token itself is gone from it."""
    headers = [(name, value) for name, value in scope["headers"] if name != AUTHORIZATION]
    named: Scope = {**scope, "headers": headers}
    if principal is not None:
        named["user"] = _user_of(principal)
        named["auth"] = AuthCredentials(sorted(principal.scopes))
    return named


@lru_cache(maxsize=256)
def _user_of(principal: Principal) -> AuthenticatedUser:
    """Give what the SDK knows of a principal; most requests are of few."""
    return AuthenticatedUser(_token_of(principal))


def _token_of(principal: Principal) -> AccessToken:
    return AccessToken(
        token="",  # nobody behind this needs it, so nobody can log it
        client_id=principal.id,
        scopes=sorted(principal.scopes),
        expires_at=None if principal.expires_at is None else int(principal.expires_at),
        subject=principal.subject,
        claims=None if principal.issuer is None else {"iss": principal.issuer},
    )
