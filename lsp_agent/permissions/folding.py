"""File names as the most lenient disk compares them.

So no spelling of a name passes for another name.

Some disks ignore letter case, Unicode form, characters that nobody sees, dots and blanks at the
end of a name, or what follows a colon.
"""

import re
import unicodedata
from functools import lru_cache

_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
"""Marks and letters that are drawn as nothing. Source: Unicode 16, Default_Ignorable_Code_Point."""


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Give the form of one name in which it is compared; it is never shown, nor opened."""
    if name.isascii() and name.islower() and name.isidentifier():
        return name
    seen = _seen(name)
    for _ in range(2):
        # Folding can make characters that normalising joins, and the other way round.
        seen = _seen(unicodedata.normalize("NFKC", seen).casefold())
    kept = seen.split(":", 1)[0] if not seen.startswith(":") else seen
    return kept.rstrip(". ") or kept


def _seen(name: str) -> str:
    visible = "".join(char for char in name if unicodedata.category(char) not in ("Cf", "Cc"))
    return _UNSEEN.sub("", visible)
