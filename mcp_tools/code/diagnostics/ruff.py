"""What ruff finds in a document, by the project's own rules and a few more."""

import re
from pathlib import Path

import msgspec

from mcp_tools.code.diagnostics.ruff_rules import (
    LIKELY_BUGS,
    MISSING_F_STRING,
    EnabledRules,
    enabled_rules,
    is_extra,
    severity_of,
)
from mcp_tools.types.calls import Programs
from mcp_tools.types.diagnostics import Diagnostic, Severity, SuggestedFix
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.programs import Command, Completed
from mcp_tools.types.text import Place, Span

SOURCE = "ruff"
CONFIGURATION_CODE = "ruff-configuration"

# `--no-fix`, `--no-fix-only`: a project may set these, and the output would be the fixed text.
# `--no-force-exclude`: the document was asked for by name.
_CHECK = (
    "check",
    "--output-format=json",
    "--no-cache",
    "--no-fix",
    "--no-fix-only",
    "--exit-zero",
    "--no-force-exclude",
)
_PLAIN_STRING_WITH_BRACES = re.compile(r"""["'][^"'\n]*\{[^\W\d]""")
_CAUSE = re.compile(r"Cause: (.+)")


async def ruff_diagnostics(
    document: Document, programs: Programs, *, root: Path
) -> tuple[Diagnostic, ...]:
    """Give ruff's findings in the document's text, whatever is on disk; not sorted.

    Rules that a project's configuration switches off stay off. When the configuration cannot be
    used, ruff's defaults are, and one more diagnostic says so.
    Raises: ProgramFailed.
    """
    extra = f"--extend-select={','.join(LIKELY_BUGS)}"
    run = _Run(document, programs, root)
    completed = await run.check(extra)
    notes: tuple[Diagnostic, ...] = ()
    if completed.exit_code:
        notes = (_configuration_problem(document, completed),)
        run = _Run(document, programs, root, ("--isolated",))
        completed = await run.check(extra)
    found = _findings(completed)
    if _PLAIN_STRING_WITH_BRACES.search(document.text):
        # A preview rule: on its own, so that no other rule changes to its preview behavior.
        found += _findings(await run.check("--preview", f"--select={MISSING_F_STRING}"))
    if not notes and any(is_extra(finding.code) for finding in found):
        rules = await enabled_rules(document.path, programs, root=root)
        found = tuple(finding for finding in found if _is_wanted(finding, rules))
    return (*notes, *(_diagnostic(document, finding) for finding in found))


class _Run:
    """Ruff over one document's text."""

    def __init__(
        self, document: Document, programs: Programs, root: Path, options: tuple[str, ...] = ()
    ) -> None:
        self._document = document
        self._programs = programs
        self._root = root
        self._options = options

    async def check(self, *selection: str) -> Completed:
        name = self._document.path.relative_to(self._root).as_posix()
        argv = ("ruff", *_CHECK, *self._options, *selection, f"--stdin-filename={name}", "-")
        command = Command(argv=argv, cwd=self._root, stdin=self._document.text)
        return await self._programs.run(command)


class _Place(msgspec.Struct, frozen=True):
    """Line and column, both from 1; the column counts code points (ruff 0.17, by test)."""

    row: int
    column: int


class _Edit(msgspec.Struct, frozen=True):
    content: str
    location: _Place
    end_location: _Place


class _Fix(msgspec.Struct, frozen=True):
    applicability: str
    edits: tuple[_Edit, ...]
    message: str | None = None


class _Finding(msgspec.Struct, frozen=True):
    code: str | None
    message: str
    location: _Place
    end_location: _Place
    fix: _Fix | None = None


_FINDINGS = msgspec.json.Decoder(tuple[_Finding, ...])


def _findings(completed: Completed) -> tuple[_Finding, ...]:
    try:
        return _FINDINGS.decode(completed.stdout)
    except msgspec.DecodeError as error:
        said = completed.stderr.strip() or completed.stdout[:200].strip() or "nothing"
        raise ProgramFailed(f"expected a JSON list from ruff, got: {said}") from error


def _is_wanted(finding: _Finding, rules: EnabledRules) -> bool:
    return finding.code is None or not is_extra(finding.code) or rules.allows(finding.code)


def _diagnostic(document: Document, finding: _Finding) -> Diagnostic:
    return Diagnostic(
        path=document.path,
        span=_span(document, finding.location, finding.end_location),
        message=finding.message,
        source=SOURCE,
        code=finding.code,
        severity=severity_of(finding.code),
        fix=_fix(document, finding),
    )


def _fix(document: Document, finding: _Finding) -> SuggestedFix | None:
    fix = finding.fix
    # The third kind, `display`, is a hint that may not even parse.
    if fix is None or fix.applicability not in {"safe", "unsafe"}:
        return None
    edits = tuple(
        TextEdit(_span(document, edit.location, edit.end_location), edit.content)
        for edit in fix.edits
    )
    return SuggestedFix(
        title=fix.message or f"Fix {finding.code}",
        is_safe=fix.applicability == "safe",
        edits=tuple(sorted(edits, key=lambda edit: edit.span)),
    )


def _span(document: Document, start: _Place, end: _Place) -> Span:
    first, last = (
        document.lines.offset(Place(place.row - 1, place.column - 1)) for place in (start, end)
    )
    return Span(first, max(first, last))


def _configuration_problem(document: Document, completed: Completed) -> Diagnostic:
    causes = _CAUSE.findall(completed.stderr)
    reason = causes[-1] if causes else completed.stderr.strip().split("\n")[0]
    return Diagnostic(
        path=document.path,
        span=Span(0, 0),
        message=f"ruff cannot use the project's configuration, so its defaults count: {reason}",
        source=SOURCE,
        code=CONFIGURATION_CODE,
        severity=Severity.INFORMATION,
    )
