"""A behaviour of the protocol, and which revisions ask for it."""

from dataclasses import dataclass

SPECIFICATION = "https://modelcontextprotocol.io/specification"
HANDSHAKE, MODERN = "2025-11-25", "2026-07-28"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Something that the protocol asks for, as one sentence."""

    name: str
    sentence: str
    pages: tuple[tuple[str, str], ...]
    """A revision, and the page in it that asks for this."""

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses of the pages."""
        return tuple(f"{SPECIFICATION}/{revision}/{page}" for revision, page in self.pages)


def both(name: str, sentence: str, page: str, modern_page: str = "") -> Behaviour:
    """Give a behaviour of both eras; the page may have another address in the newer one."""
    pages = ((HANDSHAKE, page), (MODERN, modern_page or page))
    return Behaviour(name=name, sentence=sentence, pages=pages)


def handshake(name: str, sentence: str, page: str) -> Behaviour:
    """Give a behaviour of the era with a handshake alone."""
    return Behaviour(name=name, sentence=sentence, pages=((HANDSHAKE, page),))


def modern(name: str, sentence: str, page: str) -> Behaviour:
    """Give a behaviour of the era without a handshake alone."""
    return Behaviour(name=name, sentence=sentence, pages=((MODERN, page),))
