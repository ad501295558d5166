"""Answering a question of the agent by a command.

For editors that show questions themselves.
Such an editor says so by `{"lspAgent": {"showsQuestions": true}}` among its experimental
capabilities. It gets `$/lspAgent/approvalRequested` in place of a message with buttons, and
`$/lspAgent/approvalResolved` when the question is settled, wherever that was.
"""

from pygls.exceptions import JsonRpcInvalidParams

from lsp_agent.agent.questions import AnswerKind
from lsp_agent.server.arguments import Arguments, texts_in
from lsp_agent.server.registration import command
from lsp_agent.server.server import AgentServer


@command("lspAgent.approve")
def approve(server: AgentServer, arguments: Arguments) -> dict[str, bool]:
    """Answer a question of the agent, and say whether it was the first answer."""
    texts = texts_in(arguments, ("requestId", "answer", "word"))
    return {
        "settled": server.desk.approve(
            texts["requestId"] or "", _answer(texts["answer"]), texts["word"] or ""
        )
    }


def _answer(text: str | None) -> AnswerKind:
    try:
        return AnswerKind(text)
    except ValueError as error:
        known = ", ".join(AnswerKind)
        message = f"'answer': expected one of {known}, got {text!r}"
        raise JsonRpcInvalidParams(message) from error
