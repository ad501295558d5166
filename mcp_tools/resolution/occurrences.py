"""What one place in a text names, and how sure that is."""

from mcp_tools.resolution.asking import Arguments
from mcp_tools.resolution.evaluation import Evaluation
from mcp_tools.resolution.overloads import chosen, function_of
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.subclasses import class_of, target_of_class
from mcp_tools.resolution.target import MODULE, Certainty, Resolution, Target
from mcp_tools.resolution.values import (
    Class,
    Function,
    Instance,
    Method,
    Partial,
    Value,
    Values,
    Wrapped,
)
from mcp_tools.types.facts import NONE, UNKNOWN_TERM, BindingKind, Op, SymbolKind

NOTHING = Resolution((), Certainty.TEXTUAL)
_EXACT_CHAIN = 8


def resolve(evaluation: Evaluation, file: str, term: int) -> Resolution:
    """Give what an occurrence, or a CALL, means."""
    scopes = evaluation.scopes(file)
    if scopes is None:
        return NOTHING
    facts = scopes.facts
    match facts.ops[term]:
        case Op.NAME:
            return _resolution(evaluation.named(scopes, term), is_exact=True)
        case Op.ATTRIBUTE:
            found = evaluation.targets(file, term)
            return _resolution(
                found, is_exact=bool(found) and _is_exact_base(evaluation, scopes, facts.b[term])
            )
        case Op.IMPORTED:
            return _resolution(_imported(evaluation, scopes, term), is_exact=True)
        case Op.MODULE:
            return _resolution(evaluation.imports.imported(scopes, term), is_exact=True)
        case Op.KEYWORD:
            return _resolution(_parameters(evaluation, scopes, term), is_exact=False)
        case Op.CALL:
            return _called(evaluation, scopes, term)
        case _:
            return NOTHING


def _resolution(targets: tuple[Target, ...], *, is_exact: bool) -> Resolution:
    real = tuple(target for target in targets if not target.file.endswith("/"))
    if not real:
        return NOTHING
    certainty = Certainty.EXACT if is_exact else Certainty.INFERRED
    return Resolution(tuple(sorted(real)) if len(real) > 1 else real, certainty)


def _imported(evaluation: Evaluation, scopes: FileScopes, term: int) -> tuple[Target, ...]:
    """What an import names; if that is in no source, the local name that it binds."""
    found = evaluation.imports.imported(scopes, term)
    if found:
        return found
    facts = scopes.facts
    for row in facts.bindings:
        if row.value == term and row.kind == BindingKind.IMPORT:
            return (Target(scopes.file, row.scope, facts.names[row.name]),)
    return ()


def _is_exact_base(evaluation: Evaluation, scopes: FileScopes, base: int) -> bool:
    """Tell whether what is before a dot is a module, a class by its name, or `self`."""
    facts = scopes.facts
    for _ in range(_EXACT_CHAIN):
        match facts.ops[base]:
            case Op.NAME:
                if scopes.owner_of_first_parameter(base) != NONE:
                    return True
                return _all_definite(evaluation, evaluation.named(scopes, base))
            case Op.ATTRIBUTE:
                if not _all_definite(evaluation, evaluation.targets(scopes.file, base)):
                    return False
                base = facts.b[base]
            case Op.CALL:
                callee = facts.a[base]
                return facts.ops[callee] == Op.NAME and scopes.name_of(callee) == "super"
            case Op.MODULE:
                return True
            case _:
                return False
    return False


def _all_definite(evaluation: Evaluation, targets: tuple[Target, ...]) -> bool:
    return all(t.scope == MODULE or class_of(evaluation, t) is not None for t in targets)


def _called(evaluation: Evaluation, scopes: FileScopes, call: int) -> Resolution:
    facts = scopes.facts
    callee = facts.a[call]
    named = resolve(evaluation, scopes.file, callee) if _is_occurrence(scopes, callee) else NOTHING
    found: dict[Target, None] = {}
    rest: list[Target] = []
    for target in named.targets:
        definite = _definition_called(evaluation, target)
        if definite is None:
            rest.append(target)
        else:
            found[definite] = None
    if found and not rest:
        return Resolution(tuple(sorted(found)), named.certainty)
    arguments = Arguments(file=scopes.file, terms=tuple(facts.items(facts.b[call])))
    values = evaluation.concrete(evaluation.values(scopes.file, callee))
    for value in chosen(evaluation, values, arguments):
        found.update(dict.fromkeys(_value_called(evaluation, value)))
    return _resolution(tuple(found), is_exact=False)


def _is_occurrence(scopes: FileScopes, term: int) -> bool:
    return scopes.facts.ops[term] in (Op.NAME, Op.ATTRIBUTE)


def _definition_called(evaluation: Evaluation, target: Target) -> Target | None:
    """Give what runs when a function or class of this name is called; None for other things."""
    scopes = evaluation.scopes(target.file) if target.scope != MODULE else None
    if scopes is None:
        return None
    for row in scopes.bindings(target.scope, target.name):
        if row.kind != BindingKind.DEFINE:
            continue
        if scopes.facts.ops[row.value] == Op.CLASS:
            return _constructor(evaluation, Class(target.file, scopes.facts.a[row.value]))
        return target
    return None


def _constructor(evaluation: Evaluation, of: Class) -> Target:
    """Give the constructor of a class if it is in the workspace, else the class.

    A data class makes one of its own, even where a base has one.
    """
    own = target_of_class(evaluation, of)
    for name in ("__init__", "__new__"):
        found = evaluation.find_attribute(of, name)
        if found is None or found[1].file.startswith("/"):
            continue
        is_own = (found[0].file, found[0].symbol) == (of.file, of.symbol)
        if is_own or not _is_data_class(evaluation, of):
            return found[1]
    return own


def _is_data_class(evaluation: Evaluation, of: Class) -> bool:
    scopes = evaluation.scopes(of.file)
    return scopes is not None and "dataclass" in scopes.decorator_names(of.symbol)


def _value_called(evaluation: Evaluation, value: Value) -> tuple[Target, ...]:
    match value:
        case Function() | Method() | Wrapped():
            function = value.function if isinstance(value, Wrapped) else function_of(value)
            return _target_of_function(evaluation, function)
        case Class():
            return (_constructor(evaluation, value),)
        case Instance():
            found = evaluation.find_attribute(value.of, "__call__")
            return (found[1],) if found is not None else ()
        case Partial():
            targets: dict[Target, None] = {}
            for callee in evaluation.concrete(value.callee):
                targets.update(dict.fromkeys(_value_called(evaluation, callee)))
            return tuple(targets)
        case _:
            return ()


def _target_of_function(evaluation: Evaluation, function: Function | None) -> tuple[Target, ...]:
    scopes = evaluation.scopes(function.file) if function is not None else None
    if function is None or scopes is None:
        return ()
    symbol = scopes.facts.symbols[function.symbol]
    if symbol.kind == SymbolKind.LAMBDA:
        return ()
    return (Target(function.file, symbol.scope, scopes.facts.names[symbol.name]),)


def _parameters(evaluation: Evaluation, scopes: FileScopes, keyword: int) -> tuple[Target, ...]:
    """Give the parameters, or fields of a class, that the name of an argument means."""
    call = scopes.call_of_keyword(keyword)
    if call == UNKNOWN_TERM:
        return ()
    name = scopes.name_of(keyword)
    found: dict[Target, None] = {}
    for target in _called(evaluation, scopes, call).targets:
        of = class_of(evaluation, target)
        if of is not None:
            field = evaluation.find_attribute(of, name)
            if field is not None:
                found[field[1]] = None
        else:
            found.update(dict.fromkeys(_parameter(evaluation, target, name)))
    return tuple(found)


def _parameter(evaluation: Evaluation, function: Target, name: str) -> list[Target]:
    scopes = evaluation.scopes(function.file)
    if scopes is None:
        return []
    facts = scopes.facts
    found: list[Target] = []
    for row in scopes.bindings(function.scope, function.name):
        symbol = scopes.symbol_of_value(row.value)
        if symbol is not None and any(facts.names[p.name] == name for p in symbol.parameters):
            found.append(Target(function.file, symbol.inner, name))
    return found


def values_at(evaluation: Evaluation, file: str, term: int) -> Values:
    """Give what an expression can be, as far as that is known without a call."""
    return evaluation.concrete(evaluation.values(file, term))
