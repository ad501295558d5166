"""What of a session is written down: each ruling of its gate, and what became of each call."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lsp_agent.audit.trail import AuditTrail
from mcp_tools.ports import Gate
from mcp_tools.types.calls import EditEffect, Effect, Grounds, Ruling, ToolCall, ToolResult
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.json import JsonObject, JsonValue

MAX_PATHS = 20
"""Changed paths that one line names; of more it says how many there are."""
MAX_CHARS = 500
MAX_CHECKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditor:
    """Writes down what one session does; implements Observer."""

    trail: AuditTrail
    root: Path
    session_id: str
    who: str
    """The client or front end, as it calls itself."""

    def over(self, gate: Gate) -> "AuditedGate":
        """Give a gate that rules as `gate` does, and has it written down."""
        return AuditedGate(gate=gate, auditor=self)

    def ruled(self, effect: Effect, ruling: Ruling) -> None:
        """Write down a ruling."""
        is_edit = isinstance(effect, EditEffect)
        self._note(
            effect.call,
            {
                "kind": "ruling",
                "about": "edit" if is_edit else "call",
                "verdict": ruling.verdict.value,
                "reason": _reason(effect, ruling),
                **_grounds(ruling.grounds),
                **(self._changed(effect.changes) if is_edit else {}),
            },
        )

    def called(self, call: ToolCall, result: ToolResult) -> None:
        """Write down what became of a call."""
        outcome = "denied" if result.is_denied else "failed" if result.is_error else "done"
        changed = {} if result.changes is None else self._changed(result.changes)
        self._note(
            call,
            {"kind": "call", "outcome": outcome, "edit": result.edit_outcome.value, **changed},
        )

    def _note(self, call: ToolCall, fields: JsonObject) -> None:
        named = _named(self.who, self.session_id, self.root)
        calling: JsonObject = {"tool": _short(call.name), "call": _short(call.id)}
        self.trail.note({**named, **calling, **fields}, call.arguments)

    def _changed(self, changes: ChangeSet) -> JsonObject:
        names: list[JsonValue] = [_short(self._name(path)) for path in changes.paths[:MAX_PATHS]]
        return {"paths": names, "n_paths": len(changes.paths)}

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if self.root in path.parents else str(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedGate:
    """Rules as another gate, and has each ruling written down; implements Gate."""

    gate: Gate
    auditor: Auditor

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect."""
        ruling = await self.gate.judge(effect)
        self.auditor.ruled(effect, ruling)
        return ruling


def _reason(effect: Effect, ruling: Ruling) -> str:
    """Give the reason, without the words of a line or an address: there may be secrets in them."""
    if isinstance(effect, EditEffect) or effect.demand is None:
        return _short(ruling.reason)
    return "by what it would do; see the checks"


def _grounds(grounds: Grounds) -> JsonObject:
    """Give what a ruling rests on; what is empty says nothing, and is left out."""
    checks: list[JsonValue] = [*grounds.checks[:MAX_CHECKS]]
    named: JsonObject = {
        "level": grounds.level,
        "trust": grounds.trust,
        "risk": grounds.risk,
        "rule": _short(grounds.rule),
        "checks": checks,
        "answer": grounds.answer,
        "answered_by": grounds.answered_by,
    }
    return {name: value for name, value in named.items() if value}


@lru_cache(maxsize=64)
def _named(who: str, session_id: str, root: Path) -> Mapping[str, JsonValue]:
    """Give what all lines of a session have; made once, and not with each call."""
    return {
        "who": _short(who),
        "session": session_id,
        "root": str(root).encode("utf-8", "backslashreplace").decode("utf-8"),
    }


def _short(text: str) -> str:
    return text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}..."
