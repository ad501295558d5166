"""Who may use the server, as the transport can prove it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who a token stands for."""

    id: str
    """Equal for whoever it is, and for nobody else; it does not give a token away."""
    scopes: frozenset[str] = frozenset()
    issuer: str | None = None
    """The URL of the authorization server; None for a token of our own."""
    subject: str | None = None
    """The user at the issuer; None if the issuer names none."""
    expires_at: float | None = None
    """Seconds since 1970; None for a token that is good until it is revoked."""


class Verifier(Protocol):
    """Tells whom a token stands for."""

    async def verify(self, token: str) -> Principal | None:
        """Give the principal of a good token, None for any other. Never raises."""
        ...

    def is_still_good(self, principal: Principal) -> bool:
        """Tell whether the token is still good that the principal was proved by; quick."""
        ...
