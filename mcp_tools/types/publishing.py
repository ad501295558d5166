"""What goes out to others: whether it says that an agent helped, and what must not be in it."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from mcp_tools.types.errors import Denied


def _nothing(text: str) -> str:
    del text
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """The user's word on commits, addresses and searches."""

    discloses_agent: bool = True
    """Commits say that an agent helped; only the user turns that off."""
    objection: Callable[[str], str] = _nothing
    """Says what in a text must not go out; empty if all of it may."""

    def check(self, what: str, text: str) -> None:
        """See that a text may go out; `what` it is begins a sentence.

        Raises: Denied with what is in it, and what to do.
        """
        # An address may spell it by percent signs, twice for a server behind another one.
        once = unquote_plus(text)
        for spelling in dict.fromkeys((text, once, unquote_plus(once))):
            if found := self.objection(spelling):
                raise Denied(
                    f"{what} has {found}, which must not go out; write it without that, or ask "
                    "the user to do it"
                )


UNRESTRICTED = Publishing()
"""Everything may go out, and says that an agent helped."""
