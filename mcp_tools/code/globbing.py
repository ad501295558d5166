"""Glob patterns over paths, with the same meaning for saved and unsaved files."""

import re

from mcp_tools.types.errors import InvalidEdit


def compile_glob(pattern: str) -> re.Pattern[str]:
    """Give a pattern for `fullmatch` against a path with `/`, below the folder.

    `*` and `?` stay within one name, `**` crosses folders, `{a,b}` is either, `[a-z]` is one of
    a set. A glob without `/` matches file names at any depth, as in ripgrep and .gitignore.
    Raises: InvalidEdit for an empty or a negated glob, or one with too many stars.
    """
    body = pattern.removeprefix("./")
    if not body.strip("/") or body.startswith("!"):
        raise InvalidEdit(
            f"expected a glob of the files wanted, such as '**/*.py', got {pattern!r}"
        )
    is_heavy = any(len(_STARS.findall(name)) > MAX_STARS for name in body.split("/"))
    if is_heavy or body.count("**") > MAX_STARS:
        raise InvalidEdit(
            f"expected at most {MAX_STARS} `*` in one name and {MAX_STARS} `**` in all, "
            f"got {pattern!r}; use a simpler glob"
        )
    if "/" not in body:
        body = f"**/{body}"
    try:
        return re.compile(_translated(body.removeprefix("/")), re.DOTALL)
    except re.error as error:
        raise InvalidEdit(f"{pattern!r} is not a valid glob: {error}") from error


MAX_STARS = 3
"""A glob with more could take minutes on one long name: each star multiplies the ways to match."""

_STARS = re.compile(r"\*+")
_TOKEN = re.compile(
    r"(?P<folders>(?:^|(?<=/))\*\*/)|(?P<rest>(?<=/)\*\*$)|(?P<stars>\*+)|(?P<one>\?)"
    r"|(?P<set>\[[!^]?\]?[^\]/]*\])|(?P<escape>\\.)|(?P<open>\{)|(?P<comma>,)|(?P<close>\})|(?P<char>.)",
    re.DOTALL,
)

_FIXED = {"folders": "(?:[^/]+/)*", "rest": ".+", "stars": "[^/]*", "one": "[^/]"}


def _translated(glob: str) -> str:
    """Translate token by token; a comma separates only inside of braces."""
    parts: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(glob):
        kind, token = match.lastgroup or "char", match.group()
        if kind == "open":
            depth += 1
            parts.append("(?:")
        elif kind == "close" and depth:
            depth -= 1
            parts.append(")")
        elif kind == "comma" and depth:
            parts.append("|")
        else:
            parts.append(_FIXED.get(kind) or _one_token(kind, token))
    return "".join(parts) + ")" * depth


def _one_token(kind: str, token: str) -> str:
    if kind == "set":
        negation, members = ("^", token[2:-1]) if token[1] in "!^" else ("", token[1:-1])
        members = members.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
        return f"(?!/)[{negation}{members}]"
    return re.escape(token[1:] if kind == "escape" else token)
