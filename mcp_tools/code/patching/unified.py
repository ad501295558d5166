"""Reading unified diffs, as `git diff` and `diff -u` print them and models write them.

Models count lines badly, so the numbers of a hunk's header only help to find it; a library that
takes them at their word would refuse most of what models write.
Source: the format in the manual of git-diff, "Generating patch text with -p".
"""

import re
from collections.abc import Sequence

from mcp_tools.code.patching.bodies import hunk_line, without_blank_end
from mcp_tools.code.patching.patches import Action, FilePatch, Hunk, HunkLine, Mark
from mcp_tools.types.errors import InvalidEdit

START = re.compile(r"^(?:diff --git |--- .*\n\+\+\+ )", re.MULTILINE)
"""How a patch in this format starts."""

_GIT = re.compile(r"diff --git (.+)")
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_MODE = re.compile(r"(new file mode|deleted file mode|old mode|new mode) (\d{6})")
_RENAME = re.compile(r"rename (from|to) (.+)")
_BINARY = ("GIT binary patch", "Binary files ")
_NOTHING = "/dev/null"
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b'"': b'"', b"\\": b"\\"}
_KINDS = {"100644": 0o644, "100755": 0o755}


def parse_unified(text: str) -> tuple[FilePatch, ...]:
    """Give what a diff says of each file, in its order; text around the files is left out.

    Raises: InvalidEdit, with the line of the patch.
    """
    reader = _Reader([line.removesuffix("\r") for line in text.split("\n")])
    found: list[FilePatch] = []
    while reader.find_file():
        found.append(reader.file())
    return tuple(found)


class _Header:
    """What stands above the hunks of a file, while it is read."""

    def __init__(self) -> None:
        self.old = ""
        self.new = ""
        self.is_git = False
        self.action = Action.UPDATE
        self.is_renamed = False
        self.mode: int | None = None


class _Reader:
    """Goes through the lines of a diff once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = 0

    def find_file(self) -> bool:
        """Go on to where the next file starts."""
        while self._at < len(self._lines) and not self._starts_file():
            if _HUNK.match(self._lines[self._at]):
                raise self._unexpected("`--- a/path` and `+++ b/path` before the first `@@`")
            self._at += 1
        return self._at < len(self._lines)

    def file(self) -> FilePatch:
        """Give the file that starts here."""
        header = self._header()
        hunks: list[Hunk] = []
        while self._at < len(self._lines) and (match := _HUNK.match(self._lines[self._at])):
            self._at += 1
            hunks.append(self._hunk(match))
        return _file_patch(header, tuple(hunk for hunk in hunks if hunk.lines))

    def _starts_file(self) -> bool:
        line = self._lines[self._at]
        return line.startswith("diff --git ") or self._has_names()

    def _has_names(self) -> bool:
        pair = self._lines[self._at : self._at + 2]
        return len(pair) == 2 and pair[0].startswith("--- ") and pair[1].startswith("+++ ")

    def _header(self) -> _Header:
        header = _Header()
        if match := _GIT.fullmatch(self._lines[self._at]):
            header.is_git = True
            header.old, header.new = _names_of_git(match[1])
            self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if self._has_names():
                header.old, header.new = _name(line[4:]), _name(self._lines[self._at + 1][4:])
                self._at += 2
                return header
            if line.startswith(("@@", "diff --git ")) or not line:
                return header
            self._note(header, line)
            self._at += 1
        return header

    def _note(self, header: _Header, line: str) -> None:
        """Take in one line of what git says of a file."""
        if line.startswith(_BINARY):
            raise self._unexpected("lines of text; binary files cannot be patched here")
        if match := _RENAME.fullmatch(line):
            header.is_renamed = True
            name = _name(match[2])
            if match[1] == "from":
                header.old = f"a/{name}"
            else:
                header.new = f"b/{name}"
        elif match := _MODE.fullmatch(line):
            self._note_mode(header, match[1], match[2])
        elif line.startswith("copy from "):
            raise self._unexpected("no copy; write the new file with all of its lines")

    def _note_mode(self, header: _Header, what: str, mode: str) -> None:
        if what == "deleted file mode":
            header.action = Action.DELETE
            return
        if what == "new file mode":
            header.action = Action.ADD
        if what != "old mode":
            if mode not in _KINDS:
                raise self._unexpected("a plain file, with the mode 100644 or 100755")
            header.mode = _KINDS[mode]

    def _hunk(self, match: re.Match[str]) -> Hunk:
        n_old, n_new = (int(match[group] or 1) for group in (2, 4))
        lines: list[HunkLine] = []
        has_end = True
        while self._at < len(self._lines):
            line = self._lines[self._at]
            is_full = n_old <= 0 and n_new <= 0
            if line.startswith("\\"):
                has_end = has_end and bool(lines) and lines[-1].mark is Mark.REMOVED
            elif line.startswith(("@@ ", "diff --git ")) or (is_full and self._ends_here()):
                break
            elif (read := hunk_line(line)) is not None:
                lines.append(read)
                n_old -= read.mark is not Mark.ADDED
                n_new -= read.mark is not Mark.REMOVED
            else:
                break
            self._at += 1
        first_line = int(match[1])
        # A header that has counted right has counted the blank lines at the end too.
        kept = tuple(lines) if n_old == n_new == 0 else without_blank_end(lines)
        return Hunk(lines=kept, first_line=first_line, new_last_line_has_end=has_end)

    def _ends_here(self) -> bool:
        """Tell whether a hunk that has all its lines is over: more of them may still come."""
        return not self._lines[self._at] or self._has_names()

    def _unexpected(self, expected: str) -> InvalidEdit:
        line = self._lines[self._at][:200]
        return InvalidEdit(f"line {self._at + 1} of the patch: expected {expected}, got {line!r}")


def _file_patch(header: _Header, hunks: tuple[Hunk, ...]) -> FilePatch:
    action = header.action
    if header.old == _NOTHING:
        action = Action.ADD
    elif header.new == _NOTHING:
        action = Action.DELETE
    old, new = _without_prefixes(header, action)
    path = new if action is Action.ADD else old
    is_moved = action is Action.UPDATE and (header.is_renamed or old != new)
    return FilePatch(
        path=path,
        action=action,
        hunks=hunks,
        new_path=new if is_moved else None,
        mode=header.mode,
    )


def _without_prefixes(header: _Header, action: Action) -> tuple[str, str]:
    """Leave out git's `a/` and `b/`, if both names that count have them."""
    old, new = header.old, header.new
    has_old = action is Action.ADD or old.startswith("a/")
    has_new = action is Action.DELETE or new.startswith("b/")
    if header.is_git or (has_old and has_new):
        return old.removeprefix("a/"), new.removeprefix("b/")
    return old, new


def _names_of_git(both: str) -> tuple[str, str]:
    """Give the names in `diff --git a/x b/x`; where they differ, later lines say them."""
    if both.startswith('"') and '" "' in both:
        old, _, new = both.partition('" "')
        return _name(f'{old}"'), _name(f'"{new}')
    half = len(both) // 2
    return both[:half], both[half + 1 :]


def _name(raw: str) -> str:
    """Give a name as it is: without the date behind it, and without git's quotes."""
    name = raw.partition("\t")[0].rstrip()
    if len(name) < 2 or not (name.startswith('"') and name.endswith('"')):
        return name
    return _ESCAPE.sub(_unescaped, name[1:-1].encode()).decode("utf-8", "replace")


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _ESCAPED.get(code, code)
