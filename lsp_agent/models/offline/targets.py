"""The wanted diagnostics, followed through the edits of a text.

A diagnostic that came from an editor's other server is followed by its *twin*: the same problem
as our own checkers see it. Without a twin nobody here can tell whether it is gone.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from lsp_agent.models.offline.editing import moved
from lsp_agent.models.offline.names import quoted_names
from lsp_agent.models.offline.task import Task, WantedDiagnostic
from mcp_tools.code.diagnostics.comparing import OWN_SOURCES, count, key_of, new_problems
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Span


class Target:
    """One wanted diagnostic and what has become of it; changes as the work goes on."""

    def __init__(self, title: str, diagnostic: Diagnostic, *, is_seen: bool) -> None:
        """Start with a diagnostic as reported, or as wanted if no checker of ours sees it."""
        self.title = title
        """For the report, such as "F821 Undefined name `x` (line 3)"."""
        self.diagnostic = diagnostic
        """As last reported."""
        self.is_seen = is_seen
        """A checker of ours reports it, so that its end can be verified."""
        self.offset = diagnostic.span.start
        """Where it is in the text as edited so far."""
        self.is_fixed = False
        self.reason: str | None = None
        """Why it is given up; None while it is open or when it is fixed."""

    @property
    def is_open(self) -> bool:
        """Still to be worked on."""
        return not self.is_fixed and self.reason is None


def identify(task: Task, text: str, reported: Sequence[Diagnostic]) -> list[Target]:
    """Find each wanted diagnostic among the reported ones, each of those once."""
    lines = LineIndex(text)
    free = list(reported)
    targets: list[Target] = []
    for wanted in task.diagnostics:
        span = wanted.span_in(lines)
        same = _nearest(_same(wanted, free), span.start) or _twin(wanted, span, free)
        if same is not None:
            free.remove(same)
        targets.append(_target(task, wanted, span, same))
    return targets


def locate(targets: Iterable[Target], reported: Sequence[Diagnostic]) -> None:
    """Find each open target in a new report; one that is not there is fixed."""
    free = list(reported)
    for target in targets:
        if not (target.is_open and target.is_seen):
            continue
        key = key_of(target.diagnostic)
        found = _nearest([one for one in free if key_of(one) == key], target.offset)
        if found is None:
            target.is_fixed = True
        else:
            free.remove(found)
            target.diagnostic, target.offset = found, found.span.start


def shift(targets: Iterable[Target], edits: Sequence[TextEdit]) -> None:
    """Move the targets with the text."""
    for target in targets:
        span = target.diagnostic.span
        target.offset = moved(target.offset, edits)
        if not target.is_seen:
            start, end = moved(span.start, edits), moved(span.end, edits)
            target.diagnostic = _at(target.diagnostic, Span(start, max(start, end)))


def are_gone(
    targets: Sequence[Target], before: Sequence[Diagnostic], after: Sequence[Diagnostic]
) -> bool:
    """Tell whether the targets have gone between two reports, and nothing new came."""
    n_before, n_after = count(before), count(after)
    fresh = new_problems(n_before, n_after)
    n_wanted = count(target.diagnostic for target in targets if target.is_seen)
    return not fresh and all(n_before[key] - n_after[key] >= n for key, n in n_wanted.items())


def _same(wanted: WantedDiagnostic, reported: Iterable[Diagnostic]) -> list[Diagnostic]:
    # The name of a source is written differently by different servers: `ruff`, `Ruff`.
    return [
        one
        for one in reported
        if one.message == wanted.message
        and (one.code == wanted.code or one.source == wanted.source)
    ]


def _nearest(found: Sequence[Diagnostic], offset: int) -> Diagnostic | None:
    return min(found, key=lambda one: abs(one.span.start - offset), default=None)


def _twin(
    wanted: WantedDiagnostic, span: Span, reported: Iterable[Diagnostic]
) -> Diagnostic | None:
    if wanted.source in OWN_SOURCES:
        return None
    touching = [one for one in reported if one.span.touches(span)]
    return next((one for one in touching if _is_same_problem(wanted, one)), None)


def _is_same_problem(wanted: WantedDiagnostic, one: Diagnostic) -> bool:
    if one.code == "missing-return":
        return "return" in wanted.message and "must" in wanted.message
    if one.code == "unknown-attribute" and "ttribute" not in wanted.message:
        return False
    wanted_names, names = quoted_names(wanted.message)[:1], quoted_names(one.message)[:1]
    is_same_name = bool(names) and names == wanted_names
    return is_same_name and _kind(wanted.message) == _kind(one.message)


def _kind(message: str) -> str | None:
    """Give what a message about a name says of it."""
    words = message.lower()
    for kind, marks in _KINDS.items():
        if any(mark in words for mark in marks):
            return kind
    return None


_KINDS = {
    "attribute": ("attribute",),
    "undefined": ("undefined", "not defined", "unresolved reference", "used when not"),
    "unused": ("unused", "never used", "not accessed", "not used"),
}


def _target(task: Task, wanted: WantedDiagnostic, span: Span, same: Diagnostic | None) -> Target:
    code = f"{wanted.code} " if wanted.code else ""
    first_line = wanted.message.partition("\n")[0]
    diagnostic = same or Diagnostic(
        path=Path(PurePosixPath(task.path)),
        span=span,
        message=wanted.message,
        source=wanted.source,
        code=wanted.code,
    )
    title = f"{code}{first_line} (line {wanted.start.line + 1})"
    target = Target(title, diagnostic, is_seen=same is not None)
    # Our own checker saw it when the task was made, and does not see it any more.
    target.is_fixed = same is None and wanted.source in OWN_SOURCES
    return target


def _at(diagnostic: Diagnostic, span: Span) -> Diagnostic:
    return Diagnostic(
        path=diagnostic.path,
        span=span,
        message=diagnostic.message,
        source=diagnostic.source,
        code=diagnostic.code,
        severity=diagnostic.severity,
    )
