"""Which names Python takes."""

import keyword
import unicodedata

from mcp_tools.types.errors import InvalidEdit


def check_name(name: str) -> None:
    """Pass if a name can stand in Python code.

    Raises: InvalidEdit that says why not.
    """
    if keyword.iskeyword(name):
        raise InvalidEdit(f"{name!r} is a keyword of Python, so it cannot be a name")
    if not name.isidentifier():
        raise InvalidEdit(
            f"expected a name of letters, digits and `_` that starts with no digit, got {name!r}"
        )
    if unicodedata.normalize("NFKC", name) != name:
        raise InvalidEdit(
            f"Python reads {name!r} as {unicodedata.normalize('NFKC', name)!r}; give that name"
        )


def is_mangled(name: str) -> bool:
    """Tell whether Python changes the name within a class: `__name` without `__` at its end."""
    return name.startswith("__") and not name.endswith("__")
