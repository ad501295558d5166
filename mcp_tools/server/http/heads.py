"""What the head of a request tells, before a byte of its body is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Scope

from mcp_tools.server.http.hosts import AllowedHosts
from mcp_tools.server.http.options import MCP_PATH, HttpLimits
from mcp_tools.server.http.refusals import Refusal
from mcp_tools.server.http.tokens import TOKEN_PREFIX

_METHODS = ("DELETE", "GET", "POST")
_SINGLE = frozenset(
    {b"authorization", b"content-length", b"content-type", b"host", b"mcp-session-id", b"origin"}
)
_TOKEN_WORD = re.compile(r"(?i)token|api[_-]?key|secret|password|authorization|bearer")
_HARMLESS_PARAMETERS = {"charset=utf-8", 'charset="utf-8"'}
_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a request, with the fields that are looked at."""

    method: str
    path: str
    scheme: str
    query: bytes
    names: tuple[bytes, ...]
    """Of the fields, in lower case, in the order in which they came."""
    values: Mapping[bytes, bytes]
    """By name; of a field that came more than once, the last one."""

    def get(self, name: bytes) -> str | None:
        """Give the value of a field; None if there is none."""
        value = self.values.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def bearer(self) -> str | None:
        """The token that is shown; None if there is none, or it is not written as one."""
        found = _BEARER.fullmatch(self.get(b"authorization") or "")
        return found[1] if found else None

    @property
    def length(self) -> int | None:
        """How many bytes of body are announced; None if they come in chunks, or there are none."""
        value = self.get(b"content-length")
        return int(value) if value is not None else None


def head_of(scope: Scope) -> Head:
    """Give the head of an ASGI request."""
    fields: list[tuple[bytes, bytes]] = scope["headers"]
    return Head(
        method=scope["method"],
        path=scope["path"],
        scheme=scope["scheme"],
        query=scope["query_string"],
        names=tuple(name for name, _ in fields),
        values=dict(fields),
    )


def place_refusal(head: Head, paths: tuple[str, ...]) -> Refusal | None:
    """Refuse what is asked for at another place, or in a way that nothing here serves."""
    if head.path not in paths:
        return Refusal(status=404, message=f"There is nothing here: the server is at {MCP_PATH}")
    methods = _METHODS if head.path == MCP_PATH else ("GET",)
    if head.method not in methods:
        allow = (b"allow", ", ".join(methods).encode())
        return Refusal(status=405, message=f"Use {' or '.join(methods)}", headers=(allow,))
    return None


def shape_refusal(head: Head, limits: HttpLimits) -> Refusal | None:
    """Refuse heads that two readers could take differently, or that hold a token in the URL."""
    if len(head.names) > limits.head_fields:
        return Refusal(status=431, message=f"More than {limits.head_fields} header fields")
    if len(head.values) < len(head.names) and any(head.names.count(each) > 1 for each in _SINGLE):
        return Refusal(status=400, message="A header field came twice that may come once")
    if b"transfer-encoding" in head.values and b"content-length" in head.values:
        return Refusal(
            status=400, message="Content-Length and Transfer-Encoding exclude each other"
        )
    if _has_token(head.query):
        return Refusal(
            status=400,
            message="A token in a URL ends up in logs: replace that token, and send the new one"
            " in the Authorization header",
        )
    return None


def host_refusal(head: Head, hosts: AllowedHosts) -> Refusal | None:
    """Refuse requests that were made for another server, or by a web page."""
    host = head.get(b"host")
    if host is None or not hosts.is_host(host):
        return Refusal(status=421, message="The Host header does not name this server")
    origin = head.get(b"origin")
    if origin is not None and not hosts.is_origin(origin, host=host, scheme=head.scheme):
        return Refusal(status=403, message="Web pages of this origin may not call this server")
    return None


def body_refusal(head: Head, limits: HttpLimits) -> Refusal | None:
    """Refuse bodies that are not plain JSON, or too long by their own account."""
    if head.method != "POST":
        if (head.length or 0) > 0 or head.get(b"transfer-encoding") is not None:
            return Refusal(status=400, message=f"A {head.method} request has no body here")
        return None
    if not _is_json(head.get(b"content-type")) or not _is_plain(head.get(b"content-encoding")):
        return Refusal(status=415, message="The body must be application/json, not compressed")
    if (head.length or 0) > limits.body_bytes:
        return too_long(limits)
    return None


def too_long(limits: HttpLimits) -> Refusal:
    """Give the refusal of a body that is longer than allowed."""
    return Refusal(status=413, message=f"The body is longer than {limits.body_bytes} bytes")


def _is_json(content_type: str | None) -> bool:
    media_type, *parameters = [part.strip() for part in (content_type or "").lower().split(";")]
    return media_type == "application/json" and set(parameters) <= _HARMLESS_PARAMETERS


def _is_plain(content_encoding: str | None) -> bool:
    return content_encoding is None or content_encoding.strip().lower() == "identity"


def _has_token(query: bytes) -> bool:
    if not query:
        return False
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=None)
    return any(
        _TOKEN_WORD.search(name) or value.startswith(TOKEN_PREFIX) or "bearer" in value.lower()
        for name, value in pairs
    )
