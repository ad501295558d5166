"""What to answer those who have not proved that they may call."""

from mcp_tools.server.http.access import Principal
from mcp_tools.server.http.metadata import metadata_url
from mcp_tools.server.http.options import ProtectedResource
from mcp_tools.server.http.refusals import Refusal


class Challenges:
    """Refusals that say how to prove it.

    Source: RFC 6750, section 3; RFC 9728, section 5.1.
    """

    def __init__(self, resource: ProtectedResource | None) -> None:
        """Take where tokens come from; None if we give them out ourselves."""
        self._resource = resource

    def nothing_shown(self) -> Refusal:
        """Refuse a request without a token, or with more or less than one."""
        return self._unauthorized("A token is needed: Authorization: Bearer TOKEN")

    def bad_token(self) -> Refusal:
        """Refuse a token that is unknown, revoked, expired, or meant for another server."""
        return self._unauthorized("The token is not good, or no more", 'error="invalid_token"')

    def lacking(self, principal: Principal) -> Refusal | None:
        """Refuse a token that does not grant enough; None if it does."""
        scopes = self._resource.scopes if self._resource is not None else ()
        if principal.scopes.issuperset(scopes):
            return None
        return Refusal(
            status=403,
            message="The token does not grant enough: ask for " + " ".join(scopes),
            headers=(self._challenge('error="insufficient_scope"'),),
        )

    def _unauthorized(self, message: str, *parts: str) -> Refusal:
        return Refusal(status=401, message=message, headers=(self._challenge(*parts),))

    def _challenge(self, *parts: str) -> tuple[bytes, bytes]:
        if self._resource is not None:
            parts = (*parts, f'resource_metadata="{metadata_url(self._resource)}"')
            if self._resource.scopes:
                parts = (*parts, f'scope="{" ".join(self._resource.scopes)}"')
        return b"www-authenticate", f"Bearer {', '.join(('realm=mcp', *parts))}".encode()
