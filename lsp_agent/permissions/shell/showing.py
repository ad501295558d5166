"""Text for a person: in one line, with a code for each character that cannot be seen."""

import re
import unicodedata

MAX_CHARS = 200

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
"""Controls, formats (bidi and zero-width among them), unassigned, private, lone halves, blanks."""

_EMPTY_LETTERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that are drawn as nothing, or as a blank.

Source: Unicode 16, Default_Ignorable_Code_Point; the empty pattern of Braille.
"""


def is_hidden(char: str) -> bool:
    """Tell whether a character shows as nothing, as a blank that is no space, or as a box."""
    if char == " ":
        return False
    return unicodedata.category(char) in _HIDDEN_CATEGORIES or bool(_EMPTY_LETTERS.match(char))


def one_line(text: str) -> str:
    """Give a text with hidden characters as `<U+202E>`; of a long one the start, marked as cut."""
    n_left_out = len(text) - MAX_CHARS
    kept = text[:MAX_CHARS]
    if not (kept.isascii() and kept.isprintable()):
        kept = "".join(f"<U+{ord(char):04X}>" if is_hidden(char) else char for char in kept)
    return kept if n_left_out <= 0 else f"{kept} [cut: {n_left_out} more characters]"
