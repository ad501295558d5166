"""The definitions that must keep one name: a member and its kin."""

from mcp_tools.code.navigation.dispatch import Dispatch
from mcp_tools.code.refactoring.draft import is_outside
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE, ScopeKind


def family_of(codebase: CodebaseView, target: Target) -> tuple[Target, ...]:
    """Give the targets that share a name with a member by inheritance or a protocol, sorted.

    The member is among them. Anything but a member of a class is alone.
    Raises: InvalidEdit if one of them lies outside of the workspace.
    """
    if class_of(codebase, target) is None:
        return (target,)
    dispatch = Dispatch(codebase, Resolver(codebase))
    family: set[Target] = set()
    waiting = [target]
    while waiting:
        member = waiting.pop()
        if member in family:
            continue
        if is_outside(member.file):
            raise InvalidEdit(
                f"{target.name!r} overrides the one of {_owner(codebase, member)} in "
                f"{member.file!r}, which lies outside of the workspace, so it must keep its name "
                "and signature"
            )
        family.add(member)
        waiting += [*dispatch.overridden(member), *dispatch.overrides(member)]
    return tuple(sorted(family))


def class_of(codebase: CodebaseView, target: Target) -> Target | None:
    """Give the class that a target is a member of; None if it is no member."""
    facts = codebase.facts(target.file)
    if facts is None or target.scope in (MODULE, NONE):
        return None
    scope = facts.scopes[target.scope]
    if scope.kind is not ScopeKind.CLASS or scope.symbol == NONE:
        return None
    return Resolver(codebase).target_of(target.file, scope.symbol)


def unknown_bases(codebase: CodebaseView, family: tuple[Target, ...]) -> tuple[str, ...]:
    """Give the classes of a family of members whose bases are not all known, by name; sorted."""
    resolver = Resolver(codebase)
    classes = {class_of(codebase, member) for member in family} - {None}
    return tuple(sorted(cls.name for cls in classes if cls and not resolver.is_mro_known(cls)))


def _owner(codebase: CodebaseView, member: Target) -> str:
    owner = class_of(codebase, member)
    return repr(owner.name) if owner else "a class"
