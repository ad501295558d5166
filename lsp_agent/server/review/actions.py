"""The code actions on proposals that wait for review; no model is asked for them.

All are quick fixes. Editors show those in a light bulb and bind a key to them, while a rewrite
lies one menu deeper; and one that decides must stand beside the others of its hunk.
"""

from collections.abc import Iterator, Sequence

from lsprotocol import types as lsp

from lsp_agent.server.review.port import FileSpot, HunkSpot, Remark, Waiting

KIND = lsp.CodeActionKind.QuickFix
MAX_REASON_CHARS = 80
ANOTHER = "Propose another way to do this."
"""The comment that stands for *Ask for another*."""


def hunk_actions(here: Sequence[Waiting]) -> Iterator[lsp.CodeAction]:
    """Yield what can be done about the hunks at the cursor."""
    for waiting in here:
        tail = f" [{waiting.label}]" if len(here) > 1 else ""
        for hunk in waiting.hunks:
            if not hunk.stale:
                yield from _on_hunk(waiting, hunk, tail)


def wider_actions(here: Sequence[Waiting], *, can_preview: bool) -> Iterator[lsp.CodeAction]:
    """Yield what can be done about stale hunks, the files at the cursor, and whole proposals."""
    for waiting in here:
        tail = f" [{waiting.label}]" if len(here) > 1 else ""
        yield from _on_remarks(waiting, tail)
        for file in waiting.files:
            yield from _on_file(waiting, file, tail)
        yield from _on_all(waiting, tail)
        if can_preview and waiting.n_hunks:
            title = f"Preview all hunks in the editor{tail}"
            yield _action(title, "lspAgent.preview", {"proposalId": waiting.proposal_id})


def _on_hunk(waiting: Waiting, hunk: HunkSpot, tail: str) -> Iterator[lsp.CodeAction]:
    part = {"proposalId": waiting.proposal_id, "uri": hunk.uri, "hunk": hunk.hunk_id}
    yield _action(f"Accept hunk: {hunk.gist}{tail}", "lspAgent.accept", part)
    yield _action(f"Reject hunk: {hunk.gist}{tail}", "lspAgent.reject", part)
    yield _action(f"Explain hunk: {hunk.gist}{tail}", "lspAgent.explainHunk", part)
    comment = {"uri": hunk.uri, "hunk": hunk.hunk_id, "text": ANOTHER}
    another = {"proposalId": waiting.proposal_id, "comments": [comment]}
    yield _action(f"Ask for another: {hunk.gist}{tail}", "lspAgent.review", another)


def _on_remarks(waiting: Waiting, tail: str) -> Iterator[lsp.CodeAction]:
    if waiting.remarks:
        comments = [_comment(remark) for remark in waiting.remarks]
        n_comments = "1 comment" if len(comments) == 1 else f"{len(comments)} comments"
        arguments = {"proposalId": waiting.proposal_id, "comments": comments}
        yield _action(f"Send review ({n_comments}){tail}", "lspAgent.review", arguments)
    if waiting.is_virtual:
        arguments = {"proposalId": waiting.proposal_id}
        yield _action(f"Comment in a file{tail}", "lspAgent.reviewFile", arguments)


def _on_file(waiting: Waiting, file: FileSpot, tail: str) -> Iterator[lsp.CodeAction]:
    part = {"proposalId": waiting.proposal_id, "uri": file.uri}
    stale = [hunk for hunk in waiting.hunks if hunk.stale and hunk.uri == file.uri]
    if file.n_stale and not file.n_hunks:
        reason = _cut(stale[0].stale) if stale else "the text moved on"
        yield _action(
            f"Reject stale changes of this file ({reason}){tail}", "lspAgent.reject", part
        )
        return
    for hunk in stale:
        one = {**part, "hunk": hunk.hunk_id}
        title = f"Reject stale hunk: {hunk.gist} ({_cut(hunk.stale)}){tail}"
        yield _action(title, "lspAgent.reject", one)
    if not file.n_stale:
        title = f"Accept all in this file ({file.n_hunks}){tail}"
        yield _action(title, "lspAgent.accept", part)
    n_all = file.n_hunks + file.n_stale
    yield _action(f"Reject all in this file ({n_all}){tail}", "lspAgent.reject", part)


def _on_all(waiting: Waiting, tail: str) -> Iterator[lsp.CodeAction]:
    part = {"proposalId": waiting.proposal_id}
    n_files = "1 file" if waiting.n_files == 1 else f"{waiting.n_files} files"
    if not waiting.n_stale:
        title = f"Accept all ({waiting.n_hunks} in {n_files}){tail}"
        yield _action(title, "lspAgent.accept", part)
    n_all = waiting.n_hunks + waiting.n_stale
    yield _action(f"Reject all ({n_all} in {n_files}){tail}", "lspAgent.reject", part)
    if not waiting.is_page:
        yield _action(f"Show proposed changes{tail}", "lspAgent.review", part)


def _action(title: str, command: str, arguments: object) -> lsp.CodeAction:
    return lsp.CodeAction(
        title=title,
        kind=KIND,
        command=lsp.Command(title=title, command=command, arguments=[arguments]),
    )


def _comment(remark: Remark) -> dict[str, str]:
    named = {"uri": remark.uri, "hunk": remark.hunk_id, "text": remark.text}
    return {name: text for name, text in named.items() if text is not None}


def _cut(text: str) -> str:
    return text if len(text) <= MAX_REASON_CHARS else f"{text[: MAX_REASON_CHARS - 1]}…"
