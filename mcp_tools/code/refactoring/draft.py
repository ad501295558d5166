"""A change of many files while it is being put together."""

from pathlib import Path

from mcp_tools.code.diagnostics.syntax import parse_python
from mcp_tools.code.refactoring.result import Refactoring, Unresolved
from mcp_tools.index.python.extraction import extract
from mcp_tools.types.codebase import CodebaseView, IndexState
from mcp_tools.types.contents import digest_of_content
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    TextEdit,
)
from mcp_tools.types.errors import InvalidEdit, NotFound
from mcp_tools.types.facts import Facts
from mcp_tools.types.text import LineIndex, Span, newline_of
from mcp_tools.workspace.diffs import apply_edits

_PYTHON = (".py", ".pyi")
_MAX_LINE_CHARS = 200
_MAX_NAMED_FILES = 5


class Draft:
    """Edits by file, in any order; `finish` puts them together.

    Text that is put in may have LF as line end: it takes the line end of its file. What comes
    out must still parse.
    """

    def __init__(self, codebase: CodebaseView) -> None:
        """Start with no edit."""
        self.codebase = codebase
        self._edits: dict[str, list[TextEdit]] = {}
        self._created: dict[str, str] = {}
        self._moved: dict[str, str] = {}
        self._unresolved: set[Unresolved] = set()
        self._notes: list[str] = []

    def document(self, file: str) -> Document:
        """Give the document of a file of the workspace.

        Raises: InvalidEdit if it lies outside; StaleEdit, NotFound.
        """
        if is_outside(file):
            raise InvalidEdit(f"{file!r} lies outside of the workspace, so it is not changed")
        return self.codebase.document(file)

    def facts(self, file: str) -> Facts:
        """Give the facts of a file before the change.

        Raises: NotFound.
        """
        facts = self.codebase.facts(file)
        if facts is None:
            raise NotFound(f"there is no source file {file!r}, or it is left out of the index")
        return facts

    def text(self, file: str) -> str:
        """Give the text of a file before the change."""
        return self.document(file).text

    def replace(self, file: str, span: Span, new_text: str) -> None:
        """Put text in the place of a span; an empty span inserts, in the order of the calls."""
        document = self.document(file)
        newline = newline_of(document.text)
        fitted = new_text.replace("\r\n", "\n").replace("\n", newline)
        edit = TextEdit(span, fitted)
        known = self._edits.setdefault(file, [])
        if document.text[span.start : span.end] != fitted and edit not in known:
            known.append(edit)

    def create(self, file: str, text: str) -> None:
        """Make a new file."""
        self._created[file] = text

    def move_file(self, file: str, new_file: str) -> None:
        """Give a file another path; edits of it are named by the old one."""
        self._moved[file] = new_file

    def leave(self, file: str, offset: int, why: str) -> None:
        """List a place that stays as it is."""
        lines = self.document(file).lines
        place = lines.place(offset)
        self._unresolved.add(
            Unresolved(
                file=file,
                line=place.line,
                column=place.column,
                text=lines.line_text(place.line).strip()[:_MAX_LINE_CHARS],
                why=why,
            )
        )

    def note(self, text: str) -> None:
        """Tell the reviewer something, once."""
        if text not in self._notes:
            self._notes.append(text)

    def note_state(self, state: IndexState) -> None:
        """Tell the reviewer if there are files whose uses are not known."""
        if not state.is_complete:
            self.note(
                f"The index knows {state.n_indexed} of {state.n_files} files so far; uses by "
                "another name may be missing"
            )
        if state.left_out:
            named = ", ".join(left_out.file for left_out in state.left_out[:_MAX_NAMED_FILES])
            more = ", ..." if len(state.left_out) > _MAX_NAMED_FILES else ""
            self.note(f"Files that the index leaves out were not looked at: {named}{more}")

    def spans(self, file: str) -> frozenset[Span]:
        """Give the spans that are replaced so far."""
        return frozenset(edit.span for edit in self._edits.get(file, ()))

    @property
    def files(self) -> tuple[str, ...]:
        """The files with edits so far, sorted."""
        return tuple(sorted(file for file, edits in self._edits.items() if edits))

    def finish(self, label: str) -> Refactoring:
        """Give the whole change.

        Raises: InvalidEdit if a file would have a syntax error that it has not now, with the
            line; or if nothing would change.
        """
        changes = (*self._created_files(), *self._modified_files(), *self._moved_files())
        if not changes:
            raise InvalidEdit("nothing would change")
        notes = tuple(self._notes)
        return Refactoring(
            changes=ChangeSet(label=label, files=changes, annotations=notes),
            unresolved=tuple(sorted(self._unresolved)),
            notes=notes,
        )

    def _created_files(self) -> list[FileChange]:
        found: list[FileChange] = []
        for file, text in sorted(self._created.items()):
            path = self._path(file)
            _check_syntax(file, path, text)
            found.append(CreateFile(path=path, text=text))
        return found

    def _modified_files(self) -> list[FileChange]:
        found: list[FileChange] = []
        for file in self.files:
            if file in self._moved:
                continue
            document = self.document(file)
            edits = self._sorted(file)
            self._check(document, file, apply_edits(document.text, edits))
            found.append(ModifyFile(path=document.path, base=document.digest, edits=edits))
        return found

    def _moved_files(self) -> list[FileChange]:
        found: list[FileChange] = []
        for file, new_file in sorted(self._moved.items()):
            path, new_path = self._path(file), self._path(new_file)
            if not self._edits.get(file):
                state = self.codebase.snapshot.state(path)
                if state is None:
                    raise NotFound(f"no file {file!r}")
                base = digest_of_content(state.content)
                found.append(RenameFile(path=path, new_path=new_path, base=base))
                continue
            document = self.document(file)
            text = apply_edits(document.text, self._sorted(file))
            self._check(document, file, text)
            found.append(DeleteFile(path=path, base=document.digest))
            has_bom, mode = document.has_bom, document.mode
            found.append(CreateFile(path=new_path, text=text, mode=mode, has_bom=has_bom))
        return found

    def _sorted(self, file: str) -> tuple[TextEdit, ...]:
        return tuple(sorted(self._edits[file], key=lambda edit: edit.span))

    def _check(self, document: Document, file: str, after: str) -> None:
        if is_sound(document.path, document.text):
            _check_syntax(file, document.path, after)

    def _path(self, file: str) -> Path:
        return self.codebase.snapshot.resolve(file)


def is_outside(file: str) -> bool:
    """Tell whether a file, named as in `CodebaseView`, is no file of the workspace."""
    return Path(file).is_absolute()


def is_sound(path: Path, text: str) -> bool:
    """Tell whether a text is no Python, or Python without a syntax error."""
    if path.suffix not in _PYTHON:
        return True
    # The index's parser takes a class without a body; the other one knows it better.
    is_parsed = not isinstance(parse_python(Document(path=path, text=text)), Diagnostic)
    return is_parsed and not extract(text).has_errors


def _check_syntax(file: str, path: Path, text: str) -> None:
    """See that a Python text has no syntax error.

    Raises: InvalidEdit that shows the line.
    """
    if is_sound(path, text):
        return
    problem = parse_python(Document(path=path, text=text))
    lines = LineIndex(text)
    if isinstance(problem, Diagnostic):
        line = lines.place(problem.span.start).line
        where = f"line {line + 1} would be {lines.line_text(line).strip()!r}: {problem.message}"
    else:
        where = "the parser cannot say where"
    raise InvalidEdit(f"{file!r} would have a syntax error, so nothing is offered; {where}")
