"""Messages, from well-formed to nonsense; the same ones for the same seed."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias, cast

from tests.fuzz.odd import ODD_VALUES, odd_bytes, value_for

HANDSHAKE = "2025-11-25"
MODERN = "2026-07-28"
LEFT_OUT = frozenset({"web_fetch", "web_search"})
"""Tools that reach out of the machine."""

QUIET_TOOLS = ("read_file", "edit_file", "todo_write", "list_directory", "symbol_overview")
"""Tools that start no program, and so are called more often."""

Message: TypeAlias = dict[str, Any]


@dataclass
class Maker:
    """Makes messages of one era for one connection."""

    rng: Random
    era: str
    tools: Sequence[Mapping[str, Any]]
    states: list[str] = field(default_factory=list)
    """Sealed states that the server has given out, to be tampered with and sent again."""
    used_ids: list[str | int] = field(default_factory=list)
    n_made: int = 0

    def make(self) -> bytes:
        """Make the next message."""
        kind = self.rng.random()
        message = self._message()
        if kind < 0.45:
            return _encoded(message)
        if kind < 0.75:
            return _encoded(self._bent(message))
        return odd_bytes(self.rng, _encoded(message))

    def probe(self) -> tuple[str, bytes]:
        """Make a request that any healthy server answers at once, and give its id."""
        request_id = self._new_id("probe")
        method = "server/discover" if self.era == MODERN else "ping"
        return request_id, _encoded(self._plain_request(method, {}, request_id))

    def opening(self) -> tuple[str, bytes]:
        """Make the first request of a connection, and give its id."""
        request_id = self._new_id("open")
        if self.era == MODERN:
            return request_id, _encoded(self._plain_request("server/discover", {}, request_id))
        hello = _hello(self.rng)
        return request_id, _encoded(self._plain_request("initialize", hello, request_id))

    def listing(self) -> tuple[str, bytes]:
        """Make the request for all tools, and give its id."""
        request_id = self._new_id("list")
        return request_id, _encoded(self._plain_request("tools/list", {}, request_id))

    def _new_id(self, word: str = "q") -> str:
        self.n_made += 1
        return f"{word}-{self.n_made}-{self.rng.getrandbits(32):08x}"

    def _message(self) -> Message:
        kind = self.rng.random()
        if kind < 0.08:
            return self._notification()
        if kind < 0.11:
            return self._answer()
        if kind < 0.55:
            return self._call()
        method, params = self.rng.choice(_REQUESTS)(self.rng)
        return self._request(method, params)

    def _request(self, method: str, params: Any) -> Message:
        message = self._plain_request(method, params, self._id())
        if self.era == MODERN and isinstance(params, dict) and self.rng.random() < 0.1:
            message["params"]["_meta"]["progressToken"] = self.rng.choice(ODD_VALUES)
        return message

    def _plain_request(self, method: str, params: Any, request_id: str | int) -> Message:
        message: Message = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}
        if self.era == MODERN and isinstance(params, dict):
            message["params"] = {**params, "_meta": _envelope(self.rng)}
        return message

    def _id(self) -> str | int:
        kind = self.rng.random()
        if kind < 0.02 and self.used_ids:
            return self.rng.choice(self.used_ids[-50:])
        request_id: str | int = self._new_id()
        if kind < 0.3:
            request_id = self.rng.getrandbits(48)
        self.used_ids.append(request_id)
        del self.used_ids[:-200]
        return request_id

    def _call(self) -> Message:
        quiet = [tool for tool in self.tools if tool["name"] in QUIET_TOOLS]
        known = [tool for tool in self.tools if tool["name"] not in LEFT_OUT]
        few = quiet if quiet and self.rng.random() < 0.99 else known
        nothing: Mapping[str, Any] = {"name": "echo", "inputSchema": {}}
        tool = self.rng.choice(few) if few else nothing
        params: Message = {
            "name": tool["name"],
            "arguments": value_for(tool["inputSchema"], self.rng),
        }
        if self.states and self.rng.random() < 0.1:
            state = self.rng.choice(self.states)
            params["requestState"] = _tampered(state, self.rng)
            params["inputResponses"] = {"question-1": {"action": "decline"}}
        return self._request("tools/call", params)

    def _notification(self) -> Message:
        method = self.rng.choice(_NOTIFICATIONS)
        params: Message = {}
        if method == "notifications/cancelled" and self.used_ids:
            params = {"requestId": self.rng.choice(self.used_ids[-50:]), "reason": "enough"}
        if method == "notifications/progress":
            params = {"progressToken": self.rng.choice(ODD_VALUES), "progress": 1}
        return {"jsonrpc": "2.0", "method": method, "params": params}

    def _answer(self) -> Message:
        content: Message = {"result": self.rng.choice(ODD_VALUES)}
        if self.rng.random() < 0.5:
            content = {"error": {"code": self.rng.choice(ODD_VALUES), "message": "no"}}
        return {"jsonrpc": "2.0", "id": self.rng.choice([1, 2, "1", None, "x"]), **content}

    def _bent(self, message: Message) -> Message:
        """Change a message in one or two places, as an object."""
        bent = deepcopy(message)
        for _ in range(self.rng.randint(1, 2)):
            parent: Any = bent
            key = self._key_in(parent)
            while key is not None:
                child = parent[key]
                if self._key_in(child) is None or self.rng.random() < 0.3:
                    self._bend(parent, key)
                    break
                parent, key = child, self._key_in(child)
        return bent

    def _key_in(self, value: Any) -> Any:
        """Give one of the keys or indexes of a value; None if it has none."""
        if not isinstance(value, dict | list) or not value:
            return None
        members = cast("dict[str, Any] | list[Any]", value)
        keys: list[Any] = [*members] if isinstance(members, dict) else [*range(len(members))]
        return self.rng.choice(keys)

    def _bend(self, parent: Any, key: Any) -> None:
        kind = self.rng.random()
        if kind < 0.3:
            del parent[key]
        elif kind < 0.4 and isinstance(parent, dict):
            parent[self.rng.choice(["unknown", str(key).upper(), f"{key}\0", "__class__"])] = 1
        else:
            parent[key] = deepcopy(self.rng.choice(ODD_VALUES))


def _encoded(message: Message) -> bytes:
    return json.dumps(message).encode()


def _hello(rng: Random) -> Message:
    capabilities: Message = {}
    if rng.random() < 0.3:
        capabilities = {"elicitation": {"form": {}}, "roots": {"listChanged": True}}
    client = {"name": "fuzz", "version": "1"}
    return {"protocolVersion": HANDSHAKE, "capabilities": capabilities, "clientInfo": client}


def _envelope(rng: Random) -> Message:
    name = "io.modelcontextprotocol/"
    envelope: Message = {
        f"{name}protocolVersion": MODERN,
        f"{name}clientInfo": {"name": "fuzz", "version": "1"},
        f"{name}clientCapabilities": {"elicitation": {"form": {}}} if rng.random() < 0.3 else {},
    }
    return envelope


def _tampered(state: str, rng: Random) -> str:
    if rng.random() < 0.3:
        return state
    at = rng.randrange(len(state))
    return state[:at] + rng.choice("Aa0_-.\u00e9") + state[at + 1 :]


_Request: TypeAlias = Callable[[Random], tuple[str, Any]]


def _plain(method: str, **params: Any) -> _Request:
    return lambda rng: (method, params)


def _unknown(rng: Random) -> tuple[str, Any]:
    return rng.choice(["", "tools/nothing", "__init__", "tools/list\0", "x" * 5000, "é"]), {}


def _read(rng: Random) -> tuple[str, Any]:
    uris = (
        "file:///etc/passwd",
        "file://../..",
        "symbol://a.py#f",
        "diagnostics://",
        "x:",
        "",
        "\0",
    )
    return "resources/read", {"uri": rng.choice(uris)}


def _complete(rng: Random) -> tuple[str, Any]:
    kinds = [
        {"type": "ref/prompt", "name": "fix"},
        {"type": "ref/resource", "uri": "file:///{path}"},
    ]
    argument = {"name": "path", "value": rng.choice(["", "a", "../", "\0", "x" * 1000])}
    return "completion/complete", {"ref": rng.choice(kinds), "argument": argument}


def _prompt(rng: Random) -> tuple[str, Any]:
    name = rng.choice(["fix", "explain", "review", "test", "refactor", "none", ""])
    return "prompts/get", {"name": name, "arguments": {"path": "a.py", "what": "x" * 20}}


def _opening(rng: Random) -> tuple[str, Any]:
    versions = ("", "2024-11-05", "2025-11-25", "2026-07-28", "9999-99-99", "x" * 100)
    return "initialize", {**_hello(rng), "protocolVersion": rng.choice(versions)}


_REQUESTS: tuple[_Request, ...] = (
    _plain("ping"),
    _plain("tools/list"),
    _plain("tools/list", cursor="nowhere"),
    _plain("resources/list"),
    _plain("resources/templates/list"),
    _plain("prompts/list"),
    _plain("resources/subscribe", uri="file:///a.py"),
    _plain("resources/unsubscribe", uri="file:///a.py"),
    _plain("logging/setLevel", level="debug"),
    _plain("server/discover"),
    _plain("subscriptions/listen", notifications={"resourcesListChanged": True}),
    _plain("elicitation/create", message="who?", requestedSchema={}),
    _plain("sampling/createMessage", messages=[], maxTokens=1),
    _plain("tools/call"),
    _plain("tools/call", name="nothing"),
    _read,
    _complete,
    _prompt,
    _opening,
    _unknown,
)

_NOTIFICATIONS = (
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/cancelled",
    "notifications/progress",
    "notifications/roots/list_changed",
    "notifications/nothing",
)
