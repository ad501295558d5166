"""What was fetched, as text that a model can read."""

import html
import importlib
import json
import re
from dataclasses import dataclass
from typing import Protocol, cast

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.web import Fetched

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = frozenset(
    {
        "application/ecmascript",
        "application/graphql",
        "application/javascript",
        "application/sql",
        "application/toml",
        "application/x-httpd-php",
        "application/x-javascript",
        "application/x-ndjson",
        "application/x-sh",
        "application/x-yaml",
        "application/xml",
        "application/yaml",
    }
)
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""Types by which a server says that it does not know."""

_CHARSET = re.compile(
    r"utf[-_]?(?:8|16|32)(?:[-_]?[lb]e)?|us-ascii|ascii|latin-?1|iso-?8859-\d{1,2}"
    r"|(?:windows-?|cp)\d{3,4}|koi8-[rtu]|gb2312|gbk|gb18030|big5(?:-?hkscs)?"
    r"|euc-?(?:jp|kr|tw)|shift[-_]?jis|sjis|iso-2022-(?:jp|kr)|macroman|macintosh"
)
"""Encodings of text; Python knows others by such names, some of which are slow or no text."""
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD_BYTES = 2048
_MAX_TITLE_CHARS = 200
_TITLE_WITHIN_CHARS = 200_000

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees: they can hide text from people, or turn it around."""
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


class _Markdown(Protocol):
    def markdown_of(self, html: str, url: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that can be read."""

    title: str
    """Empty if it has none."""
    text: str


def page_of(fetched: Fetched) -> Page:
    """Give the text of what was fetched: HTML as Markdown, JSON indented, other text as it is.

    It may take a while, and belongs in a thread.
    Raises: ExpectedError if it is no text; it says what it is.
    """
    kind = fetched.content_type
    if kind in _UNTOLD and b"\0" in fetched.body[:_HEAD_BYTES]:
        raise _no_text(fetched, "binary data")
    if not _is_text(kind):
        raise _no_text(fetched, kind)
    text = _decoded(fetched)
    if kind in _HTML or (kind in _UNTOLD and _looks_like_html(text)):
        converter = cast(_Markdown, importlib.import_module("mcp_tools.web.markdown"))
        return Page(title=_title(text), text=_plain(converter.markdown_of(text, fetched.url)))
    if _is_json(kind):
        text = _indented(text)
    return Page(title="", text=_plain(text))


def visible(text: str) -> str:
    """Give a text of one line from outside, without what nobody sees."""
    return " ".join(_UNSEEN.sub("", text.encode("utf-8", "replace").decode("utf-8")).split())


def _is_text(kind: str) -> bool:
    if kind in _HTML or kind in _TEXT or kind in _UNTOLD or _is_json(kind):
        return True
    return kind.startswith("text/") or kind.endswith(("+xml", "+yaml"))


def _is_json(kind: str) -> bool:
    return kind in {"application/json", "text/json"} or kind.endswith("+json")


def _no_text(fetched: Fetched, kind: str) -> ExpectedError:
    return ExpectedError(
        f"{fetched.url} is no text but {visible(kind)[:100]}, which is not read here; look for a "
        "page about it, or its text in HTML, Markdown or JSON"
    )


def _decoded(fetched: Fetched) -> str:
    head = fetched.body[:_HEAD_BYTES]
    found = _META_CHARSET.search(head)
    declared = found[1].decode("ascii") if found else ""
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    for name in (marked, fetched.charset, declared):
        if _CHARSET.fullmatch(name.lower()) is None:
            continue
        try:
            return fetched.body.decode(name, "replace")
        except LookupError:
            continue
    return fetched.body.decode("utf-8", "replace")


def _looks_like_html(text: str) -> bool:
    start = text[:_HEAD_BYTES].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<!doctype html", "<html"))


def _title(text: str) -> str:
    head = text[:_TITLE_WITHIN_CHARS]
    lowered = head.lower() if len(head.lower()) == len(head) else head
    start = lowered.find("<title")
    begin = lowered.find(">", start) + 1
    end = lowered.find("</title", begin)
    if start < 0 or not begin or end < 0:
        return ""
    return visible(html.unescape(head[begin:end]))[:_MAX_TITLE_CHARS]


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _plain(text: str) -> str:
    # A JSON text may name half of a character, which nobody can be sent.
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()
