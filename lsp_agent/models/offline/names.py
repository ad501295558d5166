"""What a diagnostic says about a name."""

import re

from lsp_agent.models.offline.problem import Problem

_QUOTED = re.compile(r"[`'\"“]([^`'\"“”]+)[`'\"”]")


def quoted_names(message: str) -> tuple[str, ...]:
    """Give what a message puts in quotes of any kind, in order."""
    return tuple(_QUOTED.findall(message))


def undefined_name(problem: Problem) -> str | None:
    """Give the name that has no value, None if it is another kind of problem."""
    name = problem.marked
    is_about_it = problem.code == "F821" and name in quoted_names(problem.diagnostic.message)
    return name if is_about_it and name.isidentifier() else None


def attribute_asked(problem: Problem) -> str | None:
    """Give the attribute asked of the marked name, such as `path` in `os.path`."""
    found = re.compile(r"\.([^\W\d]\w*)").match(problem.text, problem.diagnostic.span.end)
    return found.group(1) if found else None


def is_called(problem: Problem) -> bool:
    """Tell whether the marked name is called."""
    return problem.text.startswith("(", problem.diagnostic.span.end)
