"""How messages travel: standard streams and HTTP."""

from tests.protocol.behaviour import both, handshake, modern

STDIO = (
    both(
        "stdio-framing",
        "A message is one line of UTF-8, whatever is in it.",
        "basic/transports#stdio",
        "basic/transports/stdio",
    ),
    both(
        "stdio-nothing-else",
        "Nothing but messages is on standard output.",
        "basic/transports#stdio",
        "basic/transports/stdio",
    ),
    both(
        "stdio-end",
        "The end of input ends the process, after the answers that are due.",
        "basic/lifecycle#shutdown",
        "basic/transports/stdio#shutdown",
    ),
    both(
        "stdio-signal",
        "A signal ends the process in order.",
        "basic/lifecycle#shutdown",
        "basic/transports/stdio#shutdown",
    ),
)

_MODERN_HTTP_PAGE = "basic/transports/streamable-http"
_SECURITY = _MODERN_HTTP_PAGE
HTTP = (
    both(
        "http-post",
        "A request is a POST to the one endpoint; other places and methods are refused.",
        "basic/transports#sending-messages-to-the-server",
        f"{_MODERN_HTTP_PAGE}#sending-messages",
    ),
    both(
        "http-body",
        "A body that is no single message is refused before it is served.",
        "basic/transports#sending-messages-to-the-server",
        f"{_MODERN_HTTP_PAGE}#sending-messages",
    ),
    both(
        "http-accept",
        "A client that does not take both kinds of answer is refused.",
        "basic/transports#sending-messages-to-the-server",
        f"{_MODERN_HTTP_PAGE}#sending-messages",
    ),
    handshake(
        "http-notification-accepted",
        "A notification is accepted with no body.",
        "basic/transports#sending-messages-to-the-server",
    ),
    modern(
        "http-stream",
        "A stream has notices of its request, then the answer; no proxy may hold it back.",
        f"{_MODERN_HTTP_PAGE}#receiving-messages",
    ),
    handshake(
        "http-sessions",
        "A session has an id, can be ended, and is not found afterwards.",
        "basic/transports#session-management",
    ),
    handshake(
        "http-session-owner",
        "A session belongs to the credential that opened it.",
        "basic/security_best_practices#session-hijacking",
    ),
    handshake(
        "http-version-header",
        "A session speaks the version that was agreed on.",
        "basic/transports#protocol-version-header",
    ),
    modern(
        "http-no-session",
        "There are no sessions: an id of one is ignored, and none is given.",
        f"{_MODERN_HTTP_PAGE}#earlier-streamable-http-revisions",
    ),
    modern(
        "http-headers-match",
        "Headers that disagree with the body, or are missing, are refused.",
        f"{_MODERN_HTTP_PAGE}#server-validation",
    ),
    modern(
        "http-header-encoding",
        "A name may be encoded in its header, and is decoded before it is compared.",
        f"{_MODERN_HTTP_PAGE}#value-encoding",
    ),
    modern(
        "http-method-not-found",
        "A method that there is not is 404 with a JSON-RPC error.",
        f"{_MODERN_HTTP_PAGE}#protocol-version-header",
    ),
    both(
        "http-origin",
        "Pages of other origins, and names that are not ours, are refused.",
        "basic/transports#security-warning",
        _SECURITY,
    ),
    both(
        "http-local",
        "Without further words only this machine is served.",
        "basic/transports#security-warning",
        _SECURITY,
    ),
    both(
        "http-token",
        "A good token is needed on every request, in its header and nowhere else.",
        "basic/authorization#access-token-usage",
        "basic/authorization#access-token-usage",
    ),
    both(
        "http-token-audience",
        "A token that was not made for us is refused.",
        "basic/authorization#token-handling",
        "basic/authorization#token-handling",
    ),
    both(
        "http-token-metadata",
        "Clients learn from us where to get a token.",
        "basic/authorization#authorization-server-discovery",
        "basic/authorization#authorization-server-discovery",
    ),
)
