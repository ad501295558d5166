"""Which parameter an argument of a call goes to.

What an argument can be is worked out only where that is asked for: of most arguments it is not,
and some are expensive.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from mcp_tools.resolution.asking import Arguments, Asking
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.values import Tuple, Values, union
from mcp_tools.types.facts import Op, Parameter, ParameterKind, Symbol

Given: TypeAlias = Callable[[], Values]
"""What an argument can be, when it is called."""

_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.NORMAL)


def matched(
    asking: Asking, arguments: Arguments, parameters: tuple[Parameter, ...], names: tuple[str, ...]
) -> Iterator[tuple[Parameter, Given]]:
    """Give each parameter that gets an argument, with the argument.

    `parameters` are without the one that the receiver fills; `names` are those of their file.
    """
    positional = [p for p in parameters if p.kind in _BY_POSITION]
    variadic = next((p for p in parameters if p.kind == ParameterKind.VARIADIC), None)
    position = arguments.n_skipped
    for keyword, given in _given(asking, arguments):
        if keyword:
            found = [p for p in parameters if names[p.name] == keyword]
            if found:
                yield found[0], given
            continue
        if position < len(positional):
            yield positional[position], given
        elif variadic is not None:
            yield variadic, given
        position += 1


def known_argument(values: Values) -> Given:
    """Give an argument that is known already."""
    return lambda: values


def _given(asking: Asking, arguments: Arguments) -> Iterator[tuple[str, Given]]:
    """Give the arguments, each with its keyword or an empty text."""
    for values in arguments.values:
        yield "", known_argument(values)
    scopes = asking.scopes(arguments.file) if arguments.terms else None
    if scopes is None:
        return
    facts = scopes.facts
    for term in arguments.terms:
        match facts.ops[term]:
            case Op.KEYWORD:
                yield scopes.name_of(term), partial(asking.values, arguments.file, facts.b[term])
            case Op.STAR:
                if facts.b[term] == 1:
                    yield from _spread(asking, asking.values(arguments.file, facts.a[term]))
            case _:
                yield "", partial(asking.values, arguments.file, term)


def _spread(asking: Asking, values: Values) -> Iterator[tuple[str, Given]]:
    """Give the arguments that `*values` stands for; of unknown number, as if it were one."""
    if len(values) == 1 and isinstance(values[0], Tuple):
        for items in values[0].items:
            yield "", known_argument(items)
        return
    yield "", lambda: union(asking.elements(value) for value in values)


def keywords_of(scopes: FileScopes, arguments: Arguments) -> set[str]:
    """Give the names of the keywords of a call that is written in a file."""
    facts = scopes.facts
    return {scopes.name_of(term) for term in arguments.terms if facts.ops[term] == Op.KEYWORD}


def is_accepted(
    symbol: Symbol, names: tuple[str, ...], arguments: Arguments, keywords: set[str], n_filled: int
) -> bool:
    """Tell whether a function can take arguments, by their number and names.

    `n_filled` parameters are filled by the receiver.
    """
    parameters = symbol.parameters[n_filled:]
    kinds = {p.kind for p in parameters}
    n_positional = arguments.n_positional - len(keywords) + arguments.n_skipped
    positional = [p for p in parameters if p.kind in _BY_POSITION]
    if n_positional > len(positional) and ParameterKind.VARIADIC not in kinds:
        return False
    named = {names[p.name] for p in parameters if p.kind != ParameterKind.POSITIONAL_ONLY}
    if keywords - named and ParameterKind.KEYWORDS not in kinds:
        return False
    by_name = [p for p in parameters if p.kind == ParameterKind.KEYWORD_ONLY]
    required = [p for p in (*positional[n_positional:], *by_name) if not p.has_default]
    return all(names[p.name] in keywords for p in required)
