"""From a patch to the change that it means, checked against the text of now."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mcp_tools.code.patching import envelope, unified
from mcp_tools.code.patching.envelope import parse_envelope
from mcp_tools.code.patching.patches import Action, FilePatch, Mark
from mcp_tools.code.patching.placing import text_after
from mcp_tools.code.patching.unified import parse_unified
from mcp_tools.code.seen import check_seen
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
)
from mcp_tools.types.errors import ExpectedError, InvalidEdit, NotText
from mcp_tools.workspace.diffs import diff_edits

MAX_FILES = 200


def parse_patch(text: str) -> tuple[FilePatch, ...]:
    """Read a patch in either format; what it says of one file in several parts comes together.

    Raises: InvalidEdit.
    """
    text = text.replace("\r\n", "\n")
    # Either may stand within the other, behind the marks of its lines.
    starts = {
        parse_envelope: envelope.START.search(text),
        parse_unified: unified.START.search(text),
    }
    found = {match.start(): parse for parse, match in starts.items() if match is not None}
    if not found:
        raise InvalidEdit(
            "expected `*** Begin Patch` with `*** Update File: path`, or a unified diff with "
            "`--- a/path` and `+++ b/path`, got neither"
        )
    return _joined(found[min(found)](text))


def patched(context: ToolContext, sections: Sequence[FilePatch]) -> ChangeSet:
    """Give the change that a patch makes; it reads files.

    Raises: InvalidEdit, naming the file and the hunk that does not fit; NotFound, NotText,
        StaleEdit, OutsideWorkspace.
    """
    changes: list[FileChange] = []
    for section in sections:
        try:
            changes += _change(context, section)
        except ExpectedError as error:
            where = f"{section.path!r}, so nothing was changed"
            raise type(error)(f"the patch cannot be made in {where}: {error}") from error
    names = [section.path for section in sections]
    subject = names[0] if len(names) == 1 else f"{len(names)} files"
    return ChangeSet(label=f"Patch {subject}", files=tuple(changes))


def _joined(sections: Sequence[FilePatch]) -> tuple[FilePatch, ...]:
    found: dict[str, FilePatch] = {}
    for section in sections:
        earlier = found.get(section.path)
        if earlier is None:
            found[section.path] = section
            continue
        if {earlier.action, section.action} != {Action.UPDATE} or section.new_path:
            raise InvalidEdit(
                f"the patch names {section.path!r} twice; say once what becomes of it"
            )
        found[section.path] = replace(earlier, hunks=(*earlier.hunks, *section.hunks))
    if len(found) > MAX_FILES:
        raise InvalidEdit(f"expected at most {MAX_FILES} files in a patch, got {len(found)}")
    return tuple(found.values())


def _change(context: ToolContext, section: FilePatch) -> tuple[FileChange, ...]:
    path = context.resolve(section.path)
    match section.action:
        case Action.ADD:
            return (_added(context, path, section),)
        case Action.DELETE:
            return (_deleted(context, path, section),)
        case Action.UPDATE:
            return _updated(context, path, section)


def _added(context: ToolContext, path: Path, section: FilePatch) -> CreateFile:
    _check_free(context, path)
    lines = [line for hunk in section.hunks for line in hunk.lines]
    if any(line.mark is not Mark.ADDED for line in lines):
        raise InvalidEdit("expected only lines with `+` for a new file; for a file use Update File")
    text = "".join(f"{line.text}\n" for line in lines)
    if section.hunks and section.hunks[-1].new_last_line_has_end is False:
        text = text.removesuffix("\n")
    mode = section.mode if section.mode == 0o755 else None
    return CreateFile(path=path, text=text, mode=mode)


def _deleted(context: ToolContext, path: Path, section: FilePatch) -> DeleteFile:
    document = context.snapshot.read(path)
    if section.hunks:
        # A diff that has every line that goes shows that they are known.
        if text_after(document.text, section.hunks):
            raise InvalidEdit("the diff deletes the file, but not all lines that it has by now")
    else:
        check_seen(context, document)
    return DeleteFile(path=path, base=document.digest)


def _updated(context: ToolContext, path: Path, section: FilePatch) -> tuple[FileChange, ...]:
    document = context.snapshot.read(path)
    text = text_after(document.text, section.hunks)
    is_other = text != document.text
    if section.new_path is None:
        if not is_other and section.mode is None:
            return ()
        edits = diff_edits(document.text, text)
        change = ModifyFile(path=path, base=document.digest, edits=edits, mode=section.mode)
        return (change,)
    new_path = context.resolve(section.new_path)
    _check_free(context, new_path)
    if not is_other and section.mode is None:
        return (RenameFile(path=path, new_path=new_path, base=document.digest),)
    mode = document.mode if section.mode is None else section.mode
    created = CreateFile(path=new_path, text=text, mode=mode, has_bom=document.has_bom)
    return (created, DeleteFile(path=path, base=document.digest))


def _check_free(context: ToolContext, path: Path) -> None:
    """Raises: InvalidEdit if something is there."""
    try:
        is_there = context.snapshot.state(path) is not None
    except NotText:
        is_there = True
    if is_there:
        raise InvalidEdit(
            f"{context.display(path)!r} is there already; update it, or choose another name"
        )
