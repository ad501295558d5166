"""Which of ruff's rules count."""

import re
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.calls import Programs
from mcp_tools.types.diagnostics import Severity
from mcp_tools.types.programs import Command

LIKELY_BUGS = ("F", "E9", "E711", "E712", "B006")
"""Rules whose findings are mostly bugs, asked for beside the project's own: undefined and unused
names, wrong formats, comparisons that are nearly always wrong, defaults shared between calls.

Source: the rules' pages in the documentation of ruff 0.17, November 2026.
"""

MISSING_F_STRING = "RUF027"
"""A string with `{name}` in it that lacks its `f`; in preview in ruff 0.17."""

INVALID_SYNTAX = "invalid-syntax"

_FAMILY = re.compile(r"E\d|[A-Z]+")
_ERRORS = re.compile(r"F82[123]|F7\d\d|F63[14]|E9\d\d|invalid-syntax")
_ENABLED = re.compile(r"^linter\.rules\.enabled = \[(.*?)^\]", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"\(([A-Z]+\d+)\)")
_SETTINGS_PATH = re.compile(r"^Settings path: ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnabledRules:
    """The rules that the project's configuration switches on; None if it has none."""

    codes: frozenset[str] | None

    def allows(self, code: str) -> bool:
        """Tell whether a rule that we ask for may speak.

        A project that uses other rules of the same family, and not this one, has switched it
        off. One that uses none of the family has not thought of it.
        """
        if self.codes is None or code in self.codes:
            return True
        return _family(code) not in {_family(other) for other in self.codes}


async def enabled_rules(path: Path, programs: Programs, *, root: Path) -> EnabledRules:
    """Ask ruff which rules are on for a file.

    A file that is not on disk counts as its folder.

    Raises: ProgramFailed.
    """
    argv = ("ruff", "check", "--show-settings", "--preview", "--no-cache", "--no-force-exclude")
    for subject in (path, path.parent):
        command = Command(argv=(*argv, "--", subject.as_posix()), cwd=root)
        completed = await programs.run(command)
        enabled = _ENABLED.search(completed.stdout)
        if enabled and _SETTINGS_PATH.search(completed.stdout):
            return EnabledRules(codes=frozenset(_RULE.findall(enabled[1])))
        if enabled:
            break
    return EnabledRules(codes=None)


def is_extra(code: str | None) -> bool:
    """Tell whether we ask for a rule whatever the project does."""
    return code is not None and (code == MISSING_F_STRING or code.startswith(LIKELY_BUGS))


def severity_of(code: str | None) -> Severity:
    """Give how bad a finding is: an error stops the program, or a part of it."""
    return Severity.ERROR if code is None or _ERRORS.fullmatch(code) else Severity.WARNING


def _family(code: str) -> str:
    match = _FAMILY.match(code)
    return match.group() if match else code
