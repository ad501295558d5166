"""Reading patches in the envelope `*** Begin Patch`.

Source: the grammar of `apply_patch` in the open-source Codex CLI, November 2026.
"""

import re
from collections.abc import Sequence

from mcp_tools.code.patching.bodies import hunk_line, without_blank_end
from mcp_tools.code.patching.patches import Action, FilePatch, Hunk, HunkLine, Mark
from mcp_tools.types.errors import InvalidEdit

START = re.compile(r"^\*\*\* (?:Begin Patch[ \t\r]*$|(?:Add|Update|Delete) File: )", re.MULTILINE)
"""How a patch in this format starts."""

_BEGIN = "*** Begin Patch"
_END = "*** End Patch"
_END_OF_FILE = "*** End of File"
_MOVE = "*** Move to: "
_SECTION = re.compile(r"\*\*\* (Add|Update|Delete) File: (.+)")
_NUMBERS = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")


def parse_envelope(text: str) -> tuple[FilePatch, ...]:
    """Give what a patch says of each file, in its order.

    What stands before and after the envelope is left out.
    Raises: InvalidEdit, with the line of the patch.
    """
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.rstrip() == _BEGIN), -1)
    reader = _Reader(lines, first + 1)
    sections: list[FilePatch] = []
    while (section := reader.section()) is not None:
        sections.append(section)
    if not sections:
        raise InvalidEdit("the patch has no file; say `*** Update File: path` before its lines")
    return tuple(sections)


class _Reader:
    """Goes through the lines of a patch once."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines = [line.removesuffix("\r") for line in lines]
        self._at = at

    def section(self) -> FilePatch | None:
        """Give the next file; None at the end."""
        while (line := self._peek()) is not None and not line.strip():
            self._at += 1
        if line is None or line.strip() == _END:
            return None
        match = _SECTION.fullmatch(line.rstrip())
        if match is None:
            raise self._unexpected("`*** Update File: path`, `*** Add File:` or `*** Delete File:`")
        self._at += 1
        action, path = Action(match[1].lower()), match[2].strip()
        if action is Action.DELETE:
            return FilePatch(path=path, action=action)
        if action is Action.ADD:
            return FilePatch(path=path, action=action, hunks=self._new_file())
        new_path = self._new_path()
        hunks = self._hunks()
        if not hunks and new_path is None:
            raise self._unexpected(f"lines that change {path!r}")
        return FilePatch(path=path, action=action, hunks=hunks, new_path=new_path)

    def _new_file(self) -> tuple[Hunk, ...]:
        found: list[HunkLine] = []
        while (line := self._body_line()) is not None:
            if not line.startswith("+"):
                if not line.strip():
                    self._at += 1
                    continue
                raise self._unexpected("a line of the new file, which starts with `+`")
            found.append(HunkLine(Mark.ADDED, line[1:]))
            self._at += 1
        return (Hunk(lines=tuple(found)),) if found else ()

    def _new_path(self) -> str | None:
        line = self._peek()
        if line is None or not line.startswith(_MOVE):
            return None
        self._at += 1
        return line.removeprefix(_MOVE).strip()

    def _hunks(self) -> tuple[Hunk, ...]:
        found: list[Hunk] = []
        draft = _Draft()
        while (line := self._body_line()) is not None:
            if line.startswith("@@"):
                if draft.lines:
                    found.append(draft.hunk())
                    draft = _Draft()
                draft.anchors += _anchor(line)
            elif (read := hunk_line(line)) is not None:
                draft.lines.append(read)
            else:
                raise self._unexpected("a line that starts with `@@`, a blank, `+` or `-`")
            self._at += 1
            if self._peek() == _END_OF_FILE:
                draft.is_at_end = True
                self._at += 1
        if draft.lines:
            found.append(draft.hunk())
        return tuple(hunk for hunk in found if hunk.lines)

    def _body_line(self) -> str | None:
        """Give the line that is next, None if the file's part is over."""
        line = self._peek()
        if line is None or line.startswith("*** "):
            return None
        return line

    def _peek(self) -> str | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _unexpected(self, expected: str) -> InvalidEdit:
        line = self._peek()
        came = "its end" if line is None else repr(line[:200])
        return InvalidEdit(f"line {self._at + 1} of the patch: expected {expected}, got {came}")


class _Draft:
    """A hunk while it is read."""

    def __init__(self) -> None:
        self.lines: list[HunkLine] = []
        self.anchors: list[str] = []
        self.is_at_end = False

    def hunk(self) -> Hunk:
        lines = without_blank_end(self.lines)
        return Hunk(lines=lines, anchors=tuple(self.anchors), is_at_end=self.is_at_end)


def _anchor(line: str) -> list[str]:
    """Give what stands behind `@@`; line numbers, which do not belong here, are left out."""
    said = _NUMBERS.sub("@@", line).removeprefix("@@").strip()
    return [said] if said and said != "@@" else []
