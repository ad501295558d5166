"""A scripted model behind OpenAI's two wires, as far as the clients under test need them.

It calls the tools that it was given, one a turn, then says that it is done. Each conversation is
followed by its own length, so that what a client asks on the side disturbs nothing.
"""

import json
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

LAST_WORDS = "All of it is done."
_ID = "scripted-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A tool that the model calls."""

    tool: str
    """As our server calls it; clients put words of their own before it."""
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Offered:
    name: str
    namespace: str = ""


@dataclass
class Seen:
    """What the clients sent."""

    offered: set[str] = field(default_factory=set)
    results: list[str] = field(default_factory=list)
    """What the model was told of its calls, in their order."""


class OpenAiModel:
    """Listens on loopback between `__enter__` and `__exit__`."""

    def __init__(self, wishes: Sequence[Wish]) -> None:
        """Prepare to call these tools in this order."""
        self.seen = Seen()
        self._wishes = wishes
        self._lock = threading.Lock()
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._send("application/json", b'{"object": "list", "data": []}')

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                answer = model.responses if self.path.endswith("/responses") else model.chat
                self._send("text/event-stream", b"".join(answer(body)))

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

            def _send(self, kind: str, content: bytes) -> None:
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        """Start to listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What a client takes for the address of the API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def chat(self, body: dict[str, Any]) -> Iterable[bytes]:
        """Answer a request of chat completions, as a stream."""
        results = [_text(m["content"]) for m in body["messages"] if m["role"] == "tool"]
        tools: list[dict[str, Any]] = body.get("tools") or []
        offered = [_Offered(tool["function"]["name"]) for tool in tools]
        call = self._next(offered, results)
        delta: dict[str, Any] = {"role": "assistant"}
        if call is None:
            delta["content"] = LAST_WORDS
        else:
            tool, arguments = call
            function = {"name": tool.name, "arguments": json.dumps(arguments)}
            delta["tool_calls"] = [
                {"index": 0, "id": f"call_{len(results)}", "type": "function", "function": function}
            ]
        yield _event(_chunk(delta, None))
        yield _event(_chunk({}, "stop" if call is None else "tool_calls"))
        yield b"data: [DONE]\n\n"

    def responses(self, body: dict[str, Any]) -> Iterable[bytes]:
        """Answer a request of responses, as a stream."""
        items = cast(list[dict[str, Any]], body["input"])
        results = [_text(i["output"]) for i in items if i.get("type") == "function_call_output"]
        call = self._next(list(_responses_tools(body.get("tools") or [])), results)
        item = _message() if call is None else _function_call(*call, number=len(results))
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        done = {"id": _ID, "object": "response", "status": "completed", "output": [item]}
        begun: dict[str, Any] = {
            "id": _ID,
            "object": "response",
            "status": "in_progress",
            "output": [],
        }
        yield _event({"type": "response.created", "response": begun})
        yield _event({"type": "response.output_item.done", "output_index": 0, "item": item})
        yield _event({"type": "response.completed", "response": {**done, "usage": usage}})

    def _next(
        self, offered: Sequence[_Offered], results: Sequence[str]
    ) -> tuple[_Offered, dict[str, Any]] | None:
        """Give the next call; None at the end, and for requests without our tools."""
        with self._lock:
            self.seen.offered |= {tool.name for tool in offered}
            if len(results) > len(self.seen.results):
                self.seen.results = list(results)
        if len(results) >= len(self._wishes):
            return None
        wish = self._wishes[len(results)]
        # Clients have tools of their own; ours are those with the server's name before them.
        pattern = re.compile(rf"(.*lsp.agent.*_)?{re.escape(wish.tool)}")
        for tool in offered:
            if "lsp" in tool.namespace + tool.name and pattern.fullmatch(tool.name):
                return tool, wish.arguments
        return None


def _responses_tools(tools: Iterable[dict[str, Any]]) -> Iterable[_Offered]:
    for tool in tools:
        if tool.get("type") == "namespace":
            for inner in tool["tools"]:
                yield _Offered(inner["name"], tool["name"])
        else:
            yield _Offered(tool.get("name") or tool["type"])


def _function_call(tool: _Offered, arguments: dict[str, Any], *, number: int) -> dict[str, Any]:
    item = {
        "type": "function_call",
        "id": f"fc_{number}",
        "call_id": f"call_{number}",
        "status": "completed",
        "name": tool.name,
        "arguments": json.dumps(arguments),
    }
    return item | ({"namespace": tool.namespace} if tool.namespace else {})


def _message() -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "output_text", "text": LAST_WORDS, "annotations": []}]
    return {"type": "message", "id": "msg_1", "role": "assistant", "content": content}


def _chunk(delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {
        "id": _ID,
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [choice],
    }


def _event(value: dict[str, Any]) -> bytes:
    kind = f"event: {value['type']}\n" if "type" in value else ""
    return f"{kind}data: {json.dumps(value)}\n\n".encode()


def _text(content: Any) -> str:
    if isinstance(content, list):
        parts = cast(list[dict[str, Any]], content)
        return "\n".join(str(part.get("text", "")) for part in parts)
    return str(content)
