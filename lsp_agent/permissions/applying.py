"""Which rules apply to a case.

One that catches any part of it denies or asks; allowing takes rules for all of it.
"""

from pathlib import PurePosixPath

from lsp_agent.permissions.cases import Case
from lsp_agent.permissions.levels import Trust
from lsp_agent.permissions.matching import (
    is_about_command,
    is_about_path,
    is_about_tool,
    is_about_url,
)
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from lsp_agent.permissions.shell.judgement import LineJudgement, PartJudgement
from mcp_tools.types.calls import EditEffect, Risk

_MOVES = frozenset({"cd", "pushd", "popd"})


def catching(case: Case, do: Do) -> Rule | None:
    """Give the first rule that denies, or asks about, any part of a case."""
    return next(
        (rule for rule in case.policy.rules if rule.do is do and _catches(rule, case)), None
    )


def unknown_words(case: Case) -> Rule | None:
    """Give a rule that could be about a command whose words are not known before it runs."""
    if case.line is None or all(part.words for part in case.line.parts):
        return None
    strict = (rule for rule in case.policy.rules if rule.do is not Do.ALLOW)
    return next((rule for rule in strict if rule.subject is Subject.COMMAND), None)


def permitting(case: Case) -> Rule | None:
    """Give a rule that allows a case; the first of those where it takes more than one.

    A folder that is not trusted has no permissions but the answers of this session.
    """
    rules = _permissions(case)
    if isinstance(case.effect, EditEffect):
        return _permitting_paths(case, rules)
    named = next((rule for rule in rules if is_about_tool(rule, case.tool)), None)
    if named is not None:
        return named
    if case.line is not None:
        return _permitting_line(case, case.line, rules)
    url = case.url
    return None if url is None else next((r for r in rules if is_about_url(r, url)), None)


def parts_without_rule(case: Case, line: LineJudgement) -> tuple[PartJudgement, ...]:
    """Give the commands of a line that need a rule, and have none."""
    rules = _permissions(case)
    return tuple(
        part for part in _needing(case, line) if _permitting_part(case, part, rules) is None
    )


def _permissions(case: Case) -> tuple[Rule, ...]:
    """Give what the user allows; a project's own file allows nothing."""
    is_trusted = case.policy.trust is Trust.TRUSTED
    scopes = (Scope.USER, Scope.SESSION) if is_trusted else (Scope.SESSION,)
    return tuple(rule for rule in case.policy.rules if rule.do is Do.ALLOW and rule.scope in scopes)


def _catches(rule: Rule, case: Case) -> bool:
    parts = () if case.line is None else case.line.parts
    return (
        is_about_tool(rule, case.tool)
        or any(is_about_path(rule, path, case.root) for path in case.paths)
        or any(is_about_command(rule, part.words) for part in parts)
        or (case.url is not None and is_about_url(rule, case.url))
    )


def _permitting_paths(case: Case, rules: tuple[Rule, ...]) -> Rule | None:
    found = [
        next((rule for rule in rules if is_about_path(rule, path, case.root)), None)
        for path in case.paths
    ]
    return found[0] if found and None not in found else None


def _permitting_line(case: Case, line: LineJudgement, rules: tuple[Rule, ...]) -> Rule | None:
    """Each command that needs it must be allowed; how the line is made, no rule outweighs."""
    if line.structure:
        return None
    found = [_permitting_part(case, part, rules) for part in _needing(case, line)]
    return found[0] if found and None not in found else None


def _needing(case: Case, line: LineJudgement) -> tuple[PartJudgement, ...]:
    """Give the commands that need a permission: in an untrusted folder also those that read."""
    if case.policy.trust is Trust.UNTRUSTED:
        return line.parts
    return tuple(part for part in line.parts if part.risk is not Risk.LOW)


def _permitting_part(case: Case, part: PartJudgement, rules: tuple[Rule, ...]) -> Rule | None:
    return next((rule for rule in rules if _permits(rule, part, case)), None)


def _permits(rule: Rule, part: PartJudgement, case: Case) -> bool:
    if not is_about_command(rule, part.words):
        return False
    # A program that is named by a path is another one in another folder.
    return "/" not in part.words[0] or part.words[0].startswith("/") or _is_at_root(case)


def _is_at_root(case: Case) -> bool:
    """Whether a line begins in the workspace's top folder, and stays there."""
    if case.run is None or case.line is None:
        return False
    cwd = PurePosixPath(case.run.cwd)
    is_there = cwd in (PurePosixPath("."), PurePosixPath(case.root))
    return is_there and not any(
        part.words[:1] and part.words[0] in _MOVES for part in case.line.parts
    )
