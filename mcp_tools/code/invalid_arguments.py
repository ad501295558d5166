"""Words for a caller whose arguments, or whose tool's name, cannot be meant."""

import difflib
import json
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mcp_tools.types.models import DataModel

_MAX_PROBLEMS = 5
_MAX_SHOWN_CHARS = 60
_MAX_NAME_CHARS = 100


def explain_arguments(name: str, model: type[DataModel], error: ValidationError) -> str:
    """Say what is wrong with each argument, and what was expected."""
    assert issubclass(model, BaseModel)
    found = error.errors(include_url=False)
    problems = [_problem(model, item) for item in found[:_MAX_PROBLEMS]]
    if len(found) > _MAX_PROBLEMS:
        problems.append(f"and {len(found) - _MAX_PROBLEMS} more")
    return f"the arguments of {name} are not valid: {'; '.join(problems)}"


def explain_unknown_tool(name: str, names: Iterable[str]) -> str:
    """Say that there is no such tool, with those that may have been meant."""
    known = sorted(names)
    return (
        f"there is no tool {_shown(name)}{_meant(name, known)}; the tools are: {', '.join(known)}"
    )


def _problem(model: type[BaseModel], item: ErrorDetails) -> str:
    location = item["loc"]
    field = ".".join(map(str, location))[:_MAX_NAME_CHARS] or "(the whole input)"
    if item["type"] == "extra_forbidden":
        return _unknown_field(model, location)
    if item["type"] == "missing":
        return f"{field}: {item['msg']}{_description(model, location)}"
    got = "" if isinstance(item["input"], Mapping) else f", got {_shown(item['input'])}"
    return f"{field}: {item['msg']}{got}"


def _unknown_field(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    field = ".".join(map(str, location))[:_MAX_NAME_CHARS]
    if len(location) > 1:
        return f"{field}: there is no such field"
    known = list(model.model_fields)
    expected = f"expected only {', '.join(known)}" if known else "expected no arguments at all"
    return f"{field}: there is no such argument{_meant(field, known)}; {expected}"


def _description(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    found = model.model_fields.get(str(location[0])) if len(location) == 1 else None
    return f" ({found.description})" if found is not None and found.description else ""


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name[:_MAX_NAME_CHARS], list(known))
    return f" (did you mean {' or '.join(close)}?)" if close else ""


def _shown(value: object) -> str:
    """Give a value, or its beginning."""
    if isinstance(value, str):
        cut = "" if len(value) <= _MAX_SHOWN_CHARS else f" and {len(value) - _MAX_SHOWN_CHARS} more"
        return f"{value[:_MAX_SHOWN_CHARS]!r}{cut}"
    if isinstance(value, bool | int | float | None):
        return json.dumps(value)[:_MAX_SHOWN_CHARS]
    return "an object" if isinstance(value, Mapping) else "a list"
