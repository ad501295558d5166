"""Parameter lists as they are written."""

import ast
from dataclasses import dataclass

from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import Facts, ParameterKind, Symbol
from mcp_tools.types.text import Span

NAMED_KINDS = (ParameterKind.NORMAL, ParameterKind.KEYWORD_ONLY)
POSITIONAL_KINDS = (ParameterKind.POSITIONAL_ONLY, ParameterKind.NORMAL)
STAR_KINDS = (ParameterKind.VARIADIC, ParameterKind.KEYWORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One parameter as it is written."""

    name: str
    kind: ParameterKind
    text: str
    """Stars, annotation and default included."""
    default: str | None
    """The source of its default."""


def written_in(text: str, facts: Facts, row: Symbol) -> tuple[Written, ...]:
    """Give the parameters of a function in a file, in order."""
    found: list[Written] = []
    for parameter in row.parameters:
        source = text[parameter.start : parameter.end]
        found.append(
            Written(
                name=facts.names[parameter.name],
                kind=parameter.kind,
                text=source,
                default=_default_of(source) if parameter.has_default else None,
            )
        )
    return tuple(found)


def parsed(source: str) -> tuple[Written, ...]:
    """Read a parameter list such as `self, a, *, b: int = 0`, without brackets around it.

    Raises: InvalidEdit if it is none.
    """
    head = "def f("
    try:
        tree = ast.parse(f"{head}{source}\n): pass")
    except SyntaxError as error:
        raise InvalidEdit(
            f"expected parameters such as 'self, a, *, b: int = 0', got {source!r}: {error.msg}"
        ) from error
    function = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(function, ast.FunctionDef) or function.returns or len(function.body) != 1:
        raise InvalidEdit(f"expected parameters such as 'self, a, *, b: int = 0', got {source!r}")
    return tuple(_written(function.args, f"{head}{source}"))


def joined(parameters: tuple[Written, ...]) -> list[str]:
    """Give parameters as they stand between commas, with the marks `/` and `*`."""
    found: list[str] = []
    last: ParameterKind | None = None
    for parameter in parameters:
        if last is ParameterKind.POSITIONAL_ONLY and parameter.kind is not last:
            found.append("/")
        starts_keywords = parameter.kind is ParameterKind.KEYWORD_ONLY
        if starts_keywords and last not in (ParameterKind.KEYWORD_ONLY, ParameterKind.VARIADIC):
            found.append("*")
        found.append(parameter.text)
        last = parameter.kind
    return [*found, "/"] if last is ParameterKind.POSITIONAL_ONLY else found


def list_span(text: str, facts: Facts, row: Symbol) -> Span:
    """Give what stands between the brackets of a `def`.

    Raises: InvalidEdit if there are no brackets.
    """
    name_end = row.name_start + len(facts.names[row.name])
    start = text.find("(", name_end)
    if row.parameters:
        # Type parameters may have brackets of their own before the list.
        start = text.rfind("(", name_end, row.parameters[0].start)
    last = row.parameters[-1].end if row.parameters else start + 1
    end = _closing(text, max(last, start + 1), row.header_end)
    if start < 0 or end is None:
        raise InvalidEdit(f"{facts.names[row.name]!r} has no list of parameters in brackets")
    return Span(start + 1, end)


def _closing(text: str, offset: int, limit: int) -> int | None:
    """Give the closing bracket behind the last parameter; comments and marks are between."""
    while offset < limit:
        if text[offset] == "#":
            line_end = text.find("\n", offset)
            offset = limit if line_end < 0 else line_end
        elif text[offset] == ")":
            return offset
        offset += 1
    return None


def _written(arguments: ast.arguments, source: str) -> list[Written]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    found: list[Written] = []
    for number, argument in enumerate(positional):
        is_only = number < len(arguments.posonlyargs)
        kind = ParameterKind.POSITIONAL_ONLY if is_only else ParameterKind.NORMAL
        found.append(_one(source, argument, kind, defaults[number]))
    if arguments.vararg:
        found.append(_one(source, arguments.vararg, ParameterKind.VARIADIC, None))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_one(source, argument, ParameterKind.KEYWORD_ONLY, default))
    if arguments.kwarg:
        found.append(_one(source, arguments.kwarg, ParameterKind.KEYWORDS, None))
    return found


def _one(source: str, argument: ast.arg, kind: ParameterKind, default: ast.expr | None) -> Written:
    stars = {ParameterKind.VARIADIC: "*", ParameterKind.KEYWORDS: "**"}.get(kind, "")
    text = stars + (ast.get_source_segment(source + "\n): pass", argument) or argument.arg)
    value = ast.get_source_segment(source + "\n): pass", default) if default else None
    if value is not None:
        text += f" = {value}" if argument.annotation else f"={value}"
    return Written(name=argument.arg, kind=kind, text=text, default=value)


def _default_of(source: str) -> str | None:
    written = parsed(source)
    return written[0].default if written else None
