"""Settings in JSON, changed in place: comments, order and indentation stay."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, cast

from lsp_agent.installing.formats import UnusableSettings, at_line
from lsp_agent.installing.json_text import Member, Node, parse

DEFAULT_UNIT = "  "


@dataclass(frozen=True, slots=True)
class JsonSettings:
    """A format of JSON; implements SettingsFormat."""

    allows: Literal["comments", ""] = ""
    """Whether the client reads comments, and commas before a closing bracket."""

    def read(self, text: str) -> Mapping[str, object]:
        """Give what a text says; nothing at all says nothing."""
        root = parse(text, allows=self.allows)
        return {} if root is None else cast(Mapping[str, object], _object(text, root, ()).value)

    def with_value(self, text: str, keys: Sequence[str], value: object) -> str:
        """Give the text with a value below these keys."""
        root = parse(text, allows=self.allows)
        if root is None:
            return _begun(text, _nested(keys, value))
        layout = _Layout(text, root)
        node = _object(text, root, ())
        for depth, key in enumerate(keys):
            member = _member(text, node, key)
            if member is None:
                return layout.inserted(node, key, _nested(keys[depth + 1 :], value))
            if depth == len(keys) - 1:
                return layout.replaced(member, value)
            node = _object(text, member.node, keys[: depth + 1])
        raise UnusableSettings("expected the key of a value, got none")

    def without(self, text: str, keys: Sequence[str]) -> str:
        """Give the text without what is below these keys."""
        node = parse(text, allows=self.allows)
        for depth, key in enumerate(keys):
            owner = None if node is None else _object(text, node, keys[:depth])
            member = None if owner is None else _member(text, owner, key)
            if owner is None or member is None:
                raise UnusableSettings(f"there is no {'.'.join(keys)!r}")
            if depth == len(keys) - 1:
                return _removed(text, owner, member)
            node = member.node
        raise UnusableSettings("expected the key of a value, got none")


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is written, so that what is new is written alike."""

    text: str
    root: Node

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @property
    def unit(self) -> str:
        """One step of indentation, as the first member of the file has it."""
        for member in self.root.members or ():
            if self._begins_line(member.start):
                return self._indent_at(member.start) or DEFAULT_UNIT
        return DEFAULT_UNIT

    def replaced(self, member: Member, value: object) -> str:
        """Give the text with another value of a member."""
        shown = self._shown(value, self._indent_at(member.start))
        return self.text[: member.node.start] + shown + self.text[member.node.end :]

    def inserted(self, node: Node, key: str, value: object) -> str:
        """Give the text with a new last member of an object; comments at its end stay there."""
        members, brace = node.members or [], node.end - 1
        inner = self.text[:brace].rstrip(" \t\r\n")
        gap = self.text[len(inner) : brace]
        outer = self._indent_at(node.start)
        indent = outer + self.unit
        if members and self._begins_line(members[0].start):
            indent = self._indent_at(members[0].start)
        head = inner
        ending = ""
        if members and members[-1].comma is None:
            end = members[-1].node.end
            head = f"{inner[:end]},{inner[end:]}"
        elif members:
            ending = ","
        shown = f"{json.dumps(key, ensure_ascii=False)}: {self._shown(value, indent)}{ending}"
        closing = gap if "\n" in gap else f"{self.newline}{outer}"
        return f"{head}{self.newline}{indent}{shown}{closing}{self.text[brace:]}"

    def _shown(self, value: object, indent: str) -> str:
        lines = json.dumps(value, indent=self.unit, ensure_ascii=False).split("\n")
        return f"{self.newline}{indent}".join(lines)

    def _indent_at(self, offset: int) -> str:
        line = self.text[self.text.rfind("\n", 0, offset) + 1 :]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _begins_line(self, offset: int) -> bool:
        start = self.text.rfind("\n", 0, offset) + 1
        return start > 0 and not self.text[start:offset].strip(" \t")


def _begun(text: str, value: object) -> str:
    """Give the text of a file that said nothing yet; comments in it stay."""
    shown = json.dumps(value, indent=DEFAULT_UNIT, ensure_ascii=False)
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text if not text.strip() or text.endswith("\n") else f"{text}{newline}"
    return f"{before.strip() and before}{shown}\n".replace("\r\n", "\n").replace("\n", newline)


def _nested(keys: Sequence[str], value: object) -> object:
    return reduce(lambda inner, key: {key: inner}, reversed(keys), value)


def _object(text: str, node: Node, keys: Sequence[str]) -> Node:
    if node.members is None:
        where = f"{'.'.join(keys)!r}" if keys else "the file"
        raise at_line(text, node.start, f"expected {where} to be an object in braces")
    return node


def _member(text: str, node: Node, key: str) -> Member | None:
    """Give the one member of that name; readers do not agree which of two counts."""
    found = [member for member in node.members or () if member.key == key]
    if len(found) > 1:
        raise at_line(text, found[1].start, f"expected {key!r} once, got it again")
    return found[0] if found else None


def _removed(text: str, owner: Node, member: Member) -> str:
    members = owner.members or []
    index = members.index(member)
    start, end = member.start, member.node.end
    if member.comma is not None:
        # What stands between a value and its comma can only be space and comments of its own.
        end = member.comma + 1
    elif index:
        comma = members[index - 1].comma
        assert comma is not None, "between two members there is a comma"
        text = text[:comma] + text[comma + 1 :]
        start, end = start - 1, end - 1
    start, end = _whole_lines(text, start, end)
    before, after = text[:start], text[end:]
    if len(members) == 1:
        tail = after.lstrip(" \t\r\n")
        if before.rstrip(" \t\r\n").endswith("{") and tail.startswith("}"):
            return before.rstrip(" \t\r\n") + tail
    return before + after


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a part to whole lines where nothing else is on them, else to the next word."""
    line = text.rfind("\n", 0, start) + 1
    newline = text.find("\n", end)
    rest = text[end:] if newline < 0 else text[end:newline]
    if not text[line:start].strip(" \t") and not rest.strip(" \t\r") and newline >= 0:
        return line, newline + 1
    while end < len(text) and text[end] in " \t":
        end += 1
    return start, end
