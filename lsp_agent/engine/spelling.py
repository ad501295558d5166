"""Text for a question: what cannot be seen is spelled out, and what is left out is counted.

Who says yes must have seen what happens, so the text shown is the text that takes effect.
"""

from lsp_agent.permissions.shell.showing import is_hidden

_SHOWN_CONTROLS = frozenset("\n\t")


def spelled(text: str) -> str:
    """Write what cannot be seen, or is a blank that is no space, by its code: `<U+202E>`.

    Line breaks and tabs stay; a reader sees them.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_spelled, text))


def one_line(text: str) -> str:
    """Give a text as one line: line breaks and tabs are spelled out, too."""
    return "".join(_code(char) if char in _SHOWN_CONTROLS else char for char in spelled(text))


def shortened(text: str, max_chars: int) -> str:
    """Cut a long text, and say how much is missing: nobody must think to have seen all of it."""
    n_left = len(text) - max_chars
    return text if n_left <= 0 else f"{text[:max_chars]}\n[cut: {n_left} more characters]"


def _spelled(char: str) -> str:
    return _code(char) if is_hidden(char) and char not in _SHOWN_CONTROLS else char


def _code(char: str) -> str:
    return f"<U+{ord(char):04X}>"
