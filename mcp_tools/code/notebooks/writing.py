"""Writing new parts of a notebook the way that the rest of it is written."""

import json
import re
from dataclasses import dataclass

from mcp_tools.types.json import JsonValue
from mcp_tools.types.text import newline_of

_FIRST_MEMBER = re.compile(r"\{\r?\n([ \t]+)\"")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonStyle:
    """How a JSON text is written."""

    indent: str
    """Of one level; empty if all stands on one line."""
    newline: str
    is_ascii: bool
    """Other characters are written as escapes."""
    has_lists: bool = True
    """Text of several lines is a list of lines, as Jupyter itself writes it."""

    def written(self, value: JsonValue, *, depth: int) -> str:
        """Give the text of a value that stands at a depth; its first line is not indented."""
        if not self.indent:
            return json.dumps(value, ensure_ascii=self.is_ascii)
        text = json.dumps(value, ensure_ascii=self.is_ascii, indent=self.indent)
        return text.replace("\n", self.newline + self.indent * depth)

    def source(self, text: str) -> JsonValue:
        """Give the text of a cell as a notebook holds it."""
        if not self.has_lists:
            return text
        return [*_LINE.findall(text)]


def style_of(text: str) -> JsonStyle:
    """Tell how the JSON text of a notebook is written."""
    match = _FIRST_MEMBER.match(text.lstrip())
    is_ascii = text.isascii() and re.search(r"\\u[0-9a-fA-F]{4}", text) is not None
    return JsonStyle(indent=match[1] if match else "", newline=newline_of(text), is_ascii=is_ascii)
