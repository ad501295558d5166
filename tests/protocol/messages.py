"""How the two sides open, talk and stop: lifecycle, JSON-RPC, patterns."""

from tests.protocol.behaviour import both, handshake, modern

LIFECYCLE = (
    handshake(
        "lifecycle-initialize",
        "A handshake tells the version, the capabilities, the name and the instructions.",
        "basic/lifecycle#initialization",
    ),
    handshake(
        "lifecycle-order",
        "Before the handshake nothing but a ping is served.",
        "basic/lifecycle#initialization",
    ),
    handshake(
        "version-negotiation",
        "A handshake agrees on the version that was asked for, or else on our newest.",
        "basic/lifecycle#version-negotiation",
    ),
    modern(
        "version-per-request",
        "Each request says its version and capabilities; none stands for another.",
        "basic/index#statelessness",
    ),
    modern(
        "version-unsupported",
        "A version that we do not speak is refused with those that we do.",
        "basic/versioning#protocol-version-negotiation",
    ),
    modern(
        "request-metadata",
        "A request without the metadata that its era requires is refused.",
        "basic/index#_meta",
    ),
    modern(
        "eras-side-by-side",
        "Both eras are served; how a client opens decides which one it gets.",
        "basic/versioning#backward-compatibility-with-initialization-based-versions",
    ),
    modern(
        "discover",
        "`server/discover` tells the versions, the capabilities and the instructions.",
        "server/discover",
    ),
    both(
        "capabilities",
        "What is announced is served, and what is not announced is not.",
        "basic/lifecycle#capability-negotiation",
        "server/discover",
    ),
    both(
        "instructions",
        "The instructions name only what is offered, and are short.",
        "basic/lifecycle#initialization",
        "server/discover",
    ),
    modern("result-type", "Every result says its type.", "basic/index#resulttype"),
    modern(
        "server-info-in-results",
        "Every result says who gave it.",
        "basic/index#_meta",
    ),
    modern(
        "removed-methods",
        "Methods that the revision has removed are not found.",
        "changelog",
    ),
    modern(
        "no-requests-to-the-client",
        "The server never sends a request.",
        "basic/patterns/mrtr",
    ),
    handshake("ping", "A ping is answered with an empty result.", "basic/utilities/ping"),
)

JSON_RPC = (
    both(
        "jsonrpc-parse-error",
        "What is not JSON is answered with a parse error, and the next message is served.",
        "basic#messages",
        "basic/index#error-codes",
    ),
    both(
        "jsonrpc-invalid-request",
        "JSON that is no message is answered as an invalid request.",
        "basic#messages",
        "basic/index#error-codes",
    ),
    both("jsonrpc-batch", "A batch is refused.", "basic#messages", "basic/index#messages"),
    both(
        "jsonrpc-ids",
        "An answer has the id of its request; an id is a text or a whole number, never null.",
        "basic#requests",
        "basic/index#requests",
    ),
    both(
        "jsonrpc-ids-in-use",
        "An id that is still being answered may not be used again.",
        "basic#requests",
        "basic/index#requests",
    ),
    both(
        "jsonrpc-once",
        "However many requests run at once, each is answered exactly once.",
        "basic#responses",
        "basic/index#responses",
    ),
    both(
        "jsonrpc-notifications",
        "A notification is never answered.",
        "basic#notifications",
        "basic/index#notifications",
    ),
    both(
        "jsonrpc-method-not-found",
        "A method that there is not is answered with its own code.",
        "basic#responses",
        "basic/index#error-codes",
    ),
    both(
        "jsonrpc-internal-error",
        "A fault of ours is an internal error without its inside.",
        "basic#responses",
        "basic/index#error-codes",
    ),
)

PATTERNS = (
    both(
        "progress",
        "Progress grows, and tells how far a call is.",
        "basic/utilities/progress",
        "basic/patterns/progress",
    ),
    both(
        "progress-only-when-asked",
        "Progress is told only for a token of the client.",
        "basic/utilities/progress",
        "basic/patterns/progress",
    ),
    both(
        "progress-ends",
        "No progress is told after the answer.",
        "basic/utilities/progress#behavior-requirements",
        "basic/patterns/progress",
    ),
    both(
        "cancellation",
        "A request that is cancelled ends its work, and is not answered.",
        "basic/utilities/cancellation",
        "basic/patterns/cancellation",
    ),
    both(
        "cancellation-unknown",
        "Cancelling what does not run does nothing.",
        "basic/utilities/cancellation#error-handling",
        "basic/patterns/cancellation",
    ),
    modern(
        "cancellation-by-closing",
        "A stream that the client closes cancels its request.",
        "basic/transports/streamable-http#cancellation",
    ),
)
