"""What a server has for its clients: tools, resources, prompts, questions."""

from tests.protocol.behaviour import both, handshake, modern

TOOLS = (
    both("tools-list", "Tools are listed in an order that stays.", "server/tools#listing-tools"),
    both(
        "tools-definitions",
        "A tool has a good name, a title, annotations, and schemas that are valid.",
        "server/tools#tool",
    ),
    both("tools-call", "A call gives text and structure.", "server/tools#calling-tools"),
    both(
        "tools-output-schema",
        "The structure of an answer follows the schema of its tool.",
        "server/tools#output-schema",
    ),
    both(
        "tools-execution-errors",
        "What goes wrong in a call is a result for the model, with `isError`.",
        "server/tools#error-handling",
    ),
    both(
        "tools-unknown",
        "A tool that there is not is an error of the protocol.",
        "server/tools#error-handling",
    ),
    both(
        "tools-content",
        "Images, sounds and files are content of their own kind.",
        "server/tools#tool-result",
    ),
    both(
        "tools-concurrency",
        "A slow call holds up no other.",
        "basic#requests",
        "basic/index#statelessness",
    ),
    both(
        "pagination",
        "Pages give every item once; the last one has no cursor.",
        "server/utilities/pagination",
    ),
    both(
        "pagination-wrong-cursor",
        "A cursor that was never given is refused as a wrong parameter.",
        "server/utilities/pagination#error-handling",
    ),
    modern(
        "caching-hints",
        "Lists and resources say how long they hold, and for whom.",
        "server/utilities/caching",
    ),
)

RESOURCES = (
    both(
        "resources-list",
        "The list is an overview in pages.",
        "server/resources#listing-resources",
    ),
    both(
        "resources-templates",
        "Templates can be filled in, and lead to resources.",
        "server/resources#resource-templates",
    ),
    both(
        "resources-read",
        "Text comes as text, and bytes as a blob, with their type.",
        "server/resources#reading-resources",
    ),
    both(
        "resources-not-found",
        "What is not there, or not to be seen, is not found, by the code of the era.",
        "server/resources#error-handling",
    ),
    both(
        "resources-limits",
        "No address leads out of what is served.",
        "server/resources#security-considerations",
    ),
    handshake(
        "resources-subscribe",
        "Who has subscribed is told of a change, until they unsubscribe.",
        "server/resources#subscriptions",
    ),
    both(
        "resources-list-changed",
        "Who knows the list is told when it changes.",
        "server/resources#list-changed-notification",
        "basic/patterns/subscriptions",
    ),
    modern(
        "subscriptions-listen",
        "A stream is acknowledged first, and names the request that opened it.",
        "basic/patterns/subscriptions#acknowledgment",
    ),
    modern(
        "subscriptions-filter",
        "A stream tells only what was asked for.",
        "basic/patterns/subscriptions#notification-filter",
    ),
    modern(
        "subscriptions-end",
        "A stream that the server ends is ended in order.",
        "basic/patterns/subscriptions#cancellation",
    ),
)

PROMPTS = (
    both(
        "prompts-list",
        "Prompts are listed with their arguments.",
        "server/prompts#listing-prompts",
    ),
    both("prompts-get", "A prompt has the code in it as data.", "server/prompts#getting-a-prompt"),
    both(
        "prompts-arguments",
        "Arguments that are missing, unknown or wrong are refused by name.",
        "server/prompts#error-handling",
    ),
    both(
        "completion",
        "Arguments of prompts and templates are completed.",
        "server/utilities/completion",
    ),
    both(
        "completion-limit",
        "At most a hundred values come, with how many there are.",
        "server/utilities/completion#completion-results",
    ),
    both(
        "completion-errors",
        "What is not there cannot be completed.",
        "server/utilities/completion#error-handling",
    ),
)

QUESTIONS = (
    handshake(
        "elicitation-handshake",
        "A question is a request to the client while the call waits.",
        "client/elicitation",
    ),
    modern(
        "elicitation-modern",
        "A question is a result, and the next request brings the answer to the same call.",
        "basic/patterns/mrtr#basic-workflow",
    ),
    both(
        "elicitation-capability",
        "A client that cannot be asked is not asked.",
        "client/elicitation#capabilities",
    ),
    both(
        "elicitation-form",
        "A question is a form of plain values.",
        "client/elicitation#requested-schema",
    ),
    both(
        "elicitation-actions",
        "Only an answer that was accepted counts.",
        "client/elicitation#response-actions",
    ),
    modern(
        "state-sealed",
        "A state that was changed, or is bound to another caller or request, is refused.",
        "basic/patterns/mrtr#server-requirements-basic-workflow",
    ),
    modern(
        "state-once",
        "A state works once, and for a limited time.",
        "basic/patterns/mrtr#server-requirements-basic-workflow",
    ),
    modern(
        "state-asked-again",
        "A question that was not answered is asked again; what nobody asked is ignored.",
        "basic/patterns/mrtr#error-handling",
    ),
    handshake("roots", "The folders of the client tell the root.", "client/roots"),
    handshake(
        "roots-changed",
        "A client is asked again when its folders have changed.",
        "client/roots#root-list-changes",
    ),
)
