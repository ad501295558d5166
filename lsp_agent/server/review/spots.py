"""Where the hunks of a review are in an editor: in the files that they change, or in a page."""

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types as lsp

from lsp_agent.server.convert import Encoding, n_units, uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.review.marks import Place, Section, notes_in, sections_of
from lsp_agent.server.review.port import FileSpot, HunkSpot, Remark, Waiting
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.hunks import Hunk, HunkKind
from mcp_tools.workspace.review import Review, ReviewedFile

MAX_GIST_CHARS = 48


def waiting_in(
    review: Review, path: Path, document: OpenDocument, encoding: Encoding | str
) -> Waiting:
    """Give a review as the open document of a path shows it."""
    uri, text = document.uri, document.text
    file = next((file for file in review.files if file.path == path), None)
    if file is None or not (file.hunks or file.stale_hunks):
        return _summary(review)
    last = lsp.Position(text.count("\n") + text.count("\r"), 0)
    whole = lsp.Range(lsp.Position(0, 0), last)
    spots = tuple(
        HunkSpot(
            hunk_id=hunk.id,
            uri=uri,
            range=_range_of(hunk, encoding) if not stale else whole,
            gist=gist_of(hunk, file),
            stale=stale,
        )
        for hunk, stale in _hunks_of(file)
    )
    return _summary(review, spots, (_file_spot(file, uri, whole),))


def waiting_in_page(review: Review, root: Path, text: str) -> Waiting:
    """Give a review as a page shows it that has the text `text`."""
    by_name = {file.path.relative_to(root).as_posix(): file for file in review.files}
    uris = {name: uri_of(file.path) for name, file in by_name.items()}
    hunks: list[HunkSpot] = []
    files: list[FileSpot] = []
    for section in sections_of(text):
        place = section.place
        file = by_name.get(place.name) if place.name is not None else None
        if file is None or place.name is None:
            continue
        range_ = _lines_of(section)
        if place.hunk_id is None:
            files.append(_file_spot(file, uris[place.name], range_))
            continue
        hunks += (
            HunkSpot(
                hunk_id=hunk.id,
                uri=uris[place.name],
                range=range_,
                gist=gist_of(hunk, file),
                stale=stale,
            )
            for hunk, stale in _hunks_of(file)
            if hunk.id == place.hunk_id
        )
        files.append(_file_spot(file, uris[place.name], range_))
    remarks = tuple(_remark(r.place, r.text, uris) for r in notes_in(text))
    return _summary(review, tuple(hunks), tuple(files), remarks)


def gist_of(hunk: Hunk, file: ReviewedFile) -> str:
    """Give a few words that tell a hunk from others: its first line, or what it does."""
    match hunk.kind:
        case HunkKind.MODE:
            mode = hunk.after.mode if hunk.after is not None else None
            return f"permissions {mode or 0:04o}"
        case HunkKind.WHOLE:
            verb = "replace"
            if file.below is None:
                verb = "create"
            elif hunk.after is None:
                verb = "delete"
            return f"{verb} {file.path.name}"
        case HunkKind.LINES:
            removed, added = split_lines(hunk.old_text), split_lines(hunk.new_text)
            first = next((line for line in map(str.strip, added or removed) if line), "empty lines")
            return f"{_cut(first)} (+{len(added)} -{len(removed)})"


def _hunks_of(file: ReviewedFile) -> Iterator[tuple[Hunk, str]]:
    """Yield the hunks of a file, each with the reason why it is stale, or an empty text."""
    yield from ((hunk, "") for hunk in file.hunks)
    yield from ((stale.hunk, " ".join(stale.reason.split())) for stale in file.stale_hunks)


def _summary(
    review: Review,
    hunks: tuple[HunkSpot, ...] = (),
    files: tuple[FileSpot, ...] = (),
    remarks: tuple[Remark, ...] = (),
) -> Waiting:
    return Waiting(
        proposal_id=review.proposal.id,
        label=_cut(" ".join(review.proposal.label.split())),
        n_hunks=len(review.hunks),
        n_stale=sum(len(file.stale_hunks) for file in review.files),
        n_files=sum(1 for file in review.files if file.hunks or file.stale_hunks),
        hunks=hunks,
        files=files,
        remarks=remarks,
    )


def _file_spot(file: ReviewedFile, uri: str, range_: lsp.Range) -> FileSpot:
    return FileSpot(uri=uri, range=range_, n_hunks=len(file.hunks), n_stale=len(file.stale_hunks))


def _remark(place: Place, text: str, uris: dict[str, str]) -> Remark:
    # A place that was settled just now is no place any more: then it is about all.
    uri = uris.get(place.name) if place.name is not None else None
    return Remark(uri=uri, hunk_id=place.hunk_id if uri else None, text=text)


def _range_of(hunk: Hunk, encoding: Encoding | str) -> lsp.Range:
    """Give the lines of a hunk in the text of now; where it only inserts, the line before which."""
    lines = hunk.old_lines
    start = lsp.Position(lines.first, 0)
    if lines.end == lines.first:
        return lsp.Range(start, start)
    last_line = split_lines(hunk.old_text)[-1].rstrip("\r\n") if hunk.old_text else ""
    return lsp.Range(start, lsp.Position(lines.end - 1, n_units(last_line, encoding)))


def _lines_of(section: Section) -> lsp.Range:
    last = section.first_line + max(0, len(section.lines) - 1)
    return lsp.Range(lsp.Position(section.first_line, 0), lsp.Position(last, 0))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_GIST_CHARS else f"{text[: MAX_GIST_CHARS - 1]}…"
