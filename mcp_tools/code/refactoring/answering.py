"""What the tools that change symbols have in common: arguments and answers."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from mcp_tools.code.answers.subject import (
    NamePath,
    NamingColumn,
    NamingLine,
    SymbolFile,
    SymbolInput,
    subject_of,
)
from mcp_tools.code.answers.wording import counted
from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.code.refactoring.result import Refactoring, Unresolved
from mcp_tools.code.seen import shortened_diff
from mcp_tools.resolution.target import Target
from mcp_tools.types.calls import Answer, ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import FileChange, ModifyFile, RenameFile
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.changes import States, states_after

_MAX_DIFF_FILES = 3
_MAX_LISTED = 30
_MAX_FILES_LISTED = 200


class EditedSymbol(ToolInput):
    """Which symbol: by its name, or by a place where it is named."""

    name_path: NamePath = ""
    path: SymbolFile = ""
    line: NamingLine = 0
    column: NamingColumn = 0


class RefactoredFile(ToolOutput):
    """One file that changes."""

    path: str = Field(description="The file, relative to the workspace root")
    new_path: str | None = Field(description="Where it goes, if it gets another path")
    n_edits: int = Field(description="How many separate places change; 0 if all of it does")


class OpenPlace(ToolOutput):
    """A place that is left as it is, and should be looked at."""

    path: str = Field(description="The file, relative to the workspace root")
    line: int = Field(description="Line number, from 1")
    column: int = Field(description="Column, from 1")
    text: str = Field(description="The line")
    why: str = Field(description="Why it is left")


class RefactoredOutput(ToolOutput):
    """A change of the code, and what it leaves open."""

    label: str = Field(description="What the change does, in one line")
    files: tuple[RefactoredFile, ...] = Field(description="All files that change")
    n_edits: int = Field(description="How many places change in all")
    unresolved: tuple[OpenPlace, ...] = Field(description="The first places that are left")
    n_unresolved: int = Field(description="How many places are left in all")
    notes: tuple[str, ...] = Field(description="What else to know, one sentence each")
    diff: str = Field(description="The change of a few files, shortened; empty for many files")


def symbol_to_edit(context: ToolContext, arguments: EditedSymbol) -> Target:
    """Give the symbol that is meant.

    Raises: NotFound, with names that are near; InvalidEdit if too little is said;
        OutsideWorkspace.
    """
    wanted = SymbolInput(
        name_path=arguments.name_path,
        path=arguments.path,
        line=arguments.line,
        column=arguments.column,
    )
    return subject_of(context.codebase, wanted)


def refactored(context: ToolContext, made: Refactoring) -> Answer:
    """Answer with a change; what it makes of files that the session knows counts as seen."""
    snapshot = context.snapshot
    after = states_after(made.changes, snapshot.state)
    _learn(context, after)
    files = tuple(_file(context, change) for change in made.changes.files)
    data = RefactoredOutput(
        label=made.changes.label,
        files=files,
        n_edits=sum(file.n_edits for file in files),
        unresolved=tuple(_open_place(place) for place in made.unresolved[:_MAX_LISTED]),
        n_unresolved=len(made.unresolved),
        notes=made.notes,
        diff=_diff(context, after) if len(after) <= _MAX_DIFF_FILES else "",
    )
    return Answer(text=_text(data), data=data, changes=made.changes)


def with_more(made: Refactoring, places: Iterable[Unresolved], note: str = "") -> Refactoring:
    """Give a change that lists more places, those that it makes itself left out."""
    known = {(place.file, place.line, place.column) for place in made.unresolved}
    fresh = [place for place in places if (place.file, place.line, place.column) not in known]
    notes = (*made.notes, note) if note else made.notes
    return replace(made, unresolved=tuple(sorted([*made.unresolved, *fresh])), notes=notes)


def _learn(context: ToolContext, after: States) -> None:
    for path, state in after.items():
        if state is None or not isinstance(state.content, str):
            continue
        # A new file is all the session's own; of others it must have known the text before.
        if context.reads.last_seen(path) == _text_before(context, path):
            context.reads.record(Document(path=path, text=state.content))


def _text_before(context: ToolContext, path: Path) -> str | None:
    try:
        return context.snapshot.read(path).text
    except ExpectedError:
        return None


def _file(context: ToolContext, change: FileChange) -> RefactoredFile:
    new_path = context.display(change.new_path) if isinstance(change, RenameFile) else None
    n_edits = len(change.edits) if isinstance(change, ModifyFile) else 0
    return RefactoredFile(path=context.display(change.path), new_path=new_path, n_edits=n_edits)


def _open_place(place: Unresolved) -> OpenPlace:
    return OpenPlace(
        path=place.file,
        line=place.line + 1,
        column=place.column + 1,
        text=place.text,
        why=place.why,
    )


def _diff(context: ToolContext, after: States) -> str:
    parts: list[str] = []
    for path, state in sorted(after.items()):
        content = None if state is None else state.content
        if content is None or isinstance(content, str):
            name = context.display(path)
            old = _text_before(context, path)
            parts.append(f"{name}:\n{shortened_diff(name, old, content)}")
    return "\n".join(parts)


def _text(data: RefactoredOutput) -> str:
    size = counted(len(data.files), "file")
    if data.n_edits:
        size += f", {counted(data.n_edits, 'place')}"
    lines = [f"{data.label}: {size}"]
    if data.diff:
        lines.append(data.diff)
    else:
        lines += [_file_line(file) for file in data.files[:_MAX_FILES_LISTED]]
        n_more = len(data.files) - _MAX_FILES_LISTED
        lines += [f"  and {n_more} more files"] if n_more > 0 else []
    lines += [f"Note: {note}" for note in data.notes]
    if data.n_unresolved:
        lines.append(f"Left as they are, look at these {data.n_unresolved} places:")
        lines += [f"  {p.path}:{p.line}: {p.text}  ({p.why})" for p in data.unresolved]
        n_more = data.n_unresolved - len(data.unresolved)
        lines += [f"  and {n_more} more"] if n_more else []
    return "\n".join(lines)


def _file_line(file: RefactoredFile) -> str:
    if file.new_path is not None:
        return f"  {file.path} -> {file.new_path}"
    return f"  {file.path}" + (f": {file.n_edits}" if file.n_edits else "")
