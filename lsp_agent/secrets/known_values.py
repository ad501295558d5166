"""Values that are known to be secret: of environment variables, and our own keys."""

import re
from collections.abc import Mapping
from urllib.parse import quote

MIN_CHARS = 8
_LONG_CHARS = 20
_KINDS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
_MAX_NAME_CHARS = 60
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS?|DSN|"
    r"AUTH|AUTHORIZATION|COOKIE|PRIVATE_KEY|CONNECTION_STRING|SAS)(?:_[0-9]{1,3})?$"
)
_OTHER_NAMES = frozenset({"PWD", "OLDPWD", "GPG_KEY"})
"""The last is the public fingerprint of who signs Python, in its container images."""


def values_of(variables: Mapping[str, str]) -> Mapping[str, str]:
    """Give the secrets of an environment: by value, what a placeholder calls it.

    A value that is a plain word or a path would be hidden in places where it means something else.
    """
    found: dict[str, str] = {}
    for name, value in variables.items():
        if _is_secret_name(name) and is_distinct(value.strip()):
            found[value.strip()] = f"value of {name}"[:_MAX_NAME_CHARS]
    return found


def is_distinct(value: str) -> bool:
    """Tell a value that hardly stands anywhere by chance."""
    if len(value) < MIN_CHARS or value.startswith(("/", "~/", "./")):
        return False
    n_kinds = sum(re.search(kind, value) is not None for kind in _KINDS)
    return n_kinds > 1 or len(value) >= _LONG_CHARS


def spellings(value: str) -> frozenset[str]:
    """Give a value as it may stand in a text: as it is, in an address, and in JSON."""
    in_json = value.replace("\\", "\\\\").replace('"', '\\"')
    return frozenset({value, quote(value, safe=""), in_json})


def _is_secret_name(name: str) -> bool:
    upper = name.upper()
    return upper not in _OTHER_NAMES and _SECRET_NAME.search(upper) is not None
