"""What a diagnostic means, in a few words, for the rules that this engine knows."""

import re

from lsp_agent.models.offline.task import Task, WantedDiagnostic

_RULES_URL = "https://docs.astral.sh/ruff/rules/"
_RUFF_CODE = re.compile(r"[A-Z]{1,4}\d{3,4}")

_MEANINGS = {
    "B006": (
        "A default value is created once, when the function is defined, and shared by all calls. "
        "A list, dict or set that one call changes is changed for the next call too. Use None as "
        "the default and create the value inside."
    ),
    "E711": "There is only one None, so compare with `is None` or `is not None`: `==` can be "
    "redefined by the other operand.",
    "E712": "A comparison with True or False by `==` is rarely meant: use the value itself, "
    "`not` it, or `is` when only the bool counts.",
    "F401": "The import is never used. It costs time at start and misleads readers; remove it, or "
    "list the name in `__all__` if others import it from here.",
    "F541": "The string has the prefix `f` and no field to fill in, so the prefix does nothing; "
    "or the braces were forgotten.",
    "F632": "`is` compares identity, not value. For a literal the result depends on how the "
    "interpreter keeps it; use `==`.",
    "F811": "The name is defined twice and the first definition is never used: a leftover, or two "
    "things that were given one name by mistake.",
    "F821": "No scope that this place can see has the name: not the function, the functions around "
    "it, the module or the builtins. It is misspelled, not imported, or not defined yet, and "
    "raises NameError when the line runs.",
    "F841": "The variable gets a value that nothing reads. Remove it, or use it: often another "
    "name was meant where it should be read.",
    "RUF027": "The string has `{name}` of a variable in scope but no prefix `f`, so the braces "
    "will be printed as they are.",
    "missing-return": "The function promises to return a value, and ends without returning one, "
    "so that callers get None.",
    "unknown-attribute": "The type of the object has no such attribute, so the access raises "
    "AttributeError when the line runs.",
}
_SYNTAX = "The text is not valid Python here, so nothing in the file can run until it is."
_UNKNOWN = "The offline engine has no explanation of this rule beyond the checker's own message."


def explain(task: Task) -> str:
    """Explain each diagnostic of a task, with where to read more."""
    if not task.diagnostics:
        return "There is no diagnostic to explain."
    return "\n\n".join(_explained(one) for one in task.diagnostics)


def _explained(wanted: WantedDiagnostic) -> str:
    code = wanted.code or ""
    head = f"Line {wanted.start.line + 1}: {wanted.message}" + (f" [{code}]" if code else "")
    meaning = _SYNTAX if wanted.source == "syntax" else _MEANINGS.get(code, _UNKNOWN)
    lines = [head, meaning]
    if wanted.source.lower() == "ruff" and _RUFF_CODE.fullmatch(code):
        lines.append(f"More: {_RULES_URL} (look for {code})")
    return "\n".join(lines)
