"""The arguments of a call, given to another parameter list."""

from collections.abc import Mapping
from dataclasses import dataclass

from mcp_tools.code.refactoring.call_arguments import Argument, ArgumentKind
from mcp_tools.code.refactoring.signatures import (
    NAMED_KINDS,
    POSITIONAL_KINDS,
    STAR_KINDS,
    Written,
)
from mcp_tools.types.facts import ParameterKind


class CannotMap(Exception):
    """A call whose arguments cannot be told apart; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one parameter list becomes another."""

    before: tuple[Written, ...]
    after: tuple[Written, ...]
    old_names: Mapping[str, str]
    """By the new name of a parameter that there was before, its old one."""
    values: Mapping[str, str]
    """By the name of a parameter, the source that callers give from now on."""


@dataclass(frozen=True, slots=True)
class _Given:
    by_name: dict[str, Argument]
    rest: list[Argument]
    """Positional arguments for `*args`."""
    extra: list[Argument]
    """Keyword arguments for `**kwargs`."""


def mapped(change: Change, arguments: tuple[Argument, ...], *, skips_first: bool) -> list[Argument]:
    """Give the arguments of a call for the new parameters.

    `skips_first` tells that the first parameter is not among the arguments: `self`, `cls`.
    Arguments that are no longer wanted are left out.
    Raises: CannotMap if a starred argument may hold any of them, or a value is missing.
    """
    before = change.before[1:] if skips_first else change.before
    after = change.after[1:] if skips_first else change.after
    if any(argument.kind is ArgumentKind.STAR for argument in arguments):
        return _with_stars(change, before, after, arguments)
    return _given_to(change, after, _given(before, arguments))


def _given(before: tuple[Written, ...], arguments: tuple[Argument, ...]) -> _Given:
    positional = [p for p in before if p.kind in POSITIONAL_KINDS]
    names = {p.name for p in before if p.kind in NAMED_KINDS}
    found = _Given({}, [], [])
    for argument in arguments:
        if argument.kind is ArgumentKind.KEYWORD:
            if argument.name in names:
                found.by_name[argument.name] = argument
            else:
                found.extra.append(argument)
        elif positional:
            found.by_name[positional.pop(0).name] = argument
        else:
            found.rest.append(argument)
    if found.rest and not any(p.kind is ParameterKind.VARIADIC for p in before):
        raise CannotMap("the call has more arguments than the function has parameters")
    return found


def _given_to(change: Change, after: tuple[Written, ...], given: _Given) -> list[Argument]:
    found: list[Argument] = []
    by_keyword: list[Argument] = []
    is_open = True
    for parameter in after:
        if parameter.kind in STAR_KINDS:
            continue
        argument = _argument_for(change, parameter, given)
        if argument is None:
            is_open = False
            continue
        is_positional = parameter.kind in POSITIONAL_KINDS and is_open
        if is_positional and (argument.kind is ArgumentKind.POSITIONAL or given.rest):
            found.append(_positional(argument))
        elif parameter.kind is ParameterKind.POSITIONAL_ONLY:
            raise CannotMap(f"{parameter.name!r} can only be given by its place here")
        else:
            is_open = False
            by_keyword.append(_keyword(argument, parameter.name))
    if given.rest and (by_keyword and not is_open):
        left = any(p.kind in POSITIONAL_KINDS for p in after if _is_keyword(p, by_keyword))
        if left:
            raise CannotMap("the arguments for `*` cannot stand behind one given by name")
    if given.rest and not any(p.kind is ParameterKind.VARIADIC for p in after):
        raise CannotMap("the function takes no further positional arguments any more")
    if given.extra and not any(p.kind is ParameterKind.KEYWORDS for p in after):
        raise CannotMap("the function takes no other keyword arguments any more")
    return [*found, *given.rest, *_in_old_order(by_keyword, given, change), *given.extra]


def _is_keyword(parameter: Written, by_keyword: list[Argument]) -> bool:
    return any(argument.name == parameter.name for argument in by_keyword)


def _argument_for(change: Change, parameter: Written, given: _Given) -> Argument | None:
    """Give the argument of a parameter; None if its default serves.

    Raises: CannotMap if it has none.
    """
    old_name = change.old_names.get(parameter.name)
    if old_name is not None and old_name in given.by_name:
        return given.by_name[old_name]
    value = change.values.get(parameter.name)
    if value is None and old_name is not None:
        old = next(p for p in change.before if p.name == old_name)
        # A default that is another one now would change what this call does.
        if old.default is not None and old.default != parameter.default:
            value = old.default
    if value is not None:
        kind = ArgumentKind.KEYWORD if parameter.default is not None else ArgumentKind.POSITIONAL
        return Argument(kind=kind, name="", value=value)
    if parameter.default is None:
        raise CannotMap(f"the call gives no value for {parameter.name!r}")
    return None


def _positional(argument: Argument) -> Argument:
    return Argument(kind=ArgumentKind.POSITIONAL, name="", value=argument.value)


def _keyword(argument: Argument, name: str) -> Argument:
    return Argument(kind=ArgumentKind.KEYWORD, name=name, value=argument.value)


def _in_old_order(by_keyword: list[Argument], given: _Given, change: Change) -> list[Argument]:
    """Give keyword arguments in the order that the call has them, new ones last."""
    order = list(given.by_name)
    places = {argument.name: len(order) for argument in by_keyword}
    for argument in by_keyword:
        old_name = change.old_names.get(argument.name)
        if old_name in given.by_name:
            places[argument.name] = order.index(old_name)
    return sorted(by_keyword, key=lambda argument: places[argument.name])


def _with_stars(
    change: Change,
    before: tuple[Written, ...],
    after: tuple[Written, ...],
    arguments: tuple[Argument, ...],
) -> list[Argument]:
    """Give the arguments of a call with stars, if nothing that they may hold changes.

    Raises: CannotMap.
    """
    n_plain = 0
    while arguments[n_plain].kind is ArgumentKind.POSITIONAL:
        n_plain += 1
    old = [(p.name, p.kind, p.default) for p in before]
    kept = [(change.old_names.get(p.name), p.kind, p.default) for p in after]
    is_longer = kept[: len(old)] == old and not change.values
    are_same_names = all(p.name == change.old_names.get(p.name, p.name) for p in after)
    if is_longer and are_same_names and all(p.default is not None for p in after[len(old) :]):
        return list(arguments)
    if [p[0] for p in kept] == [p[0] for p in old] and are_same_names and not change.values:
        return list(arguments)
    raise CannotMap("`*` or `**` may hold any of the arguments")
