"""The names of `typing` that mean more than the stubs say."""

from mcp_tools.resolution.asking import Asking
from mcp_tools.types.facts import Op

_MODULES = ("typing", "typing_extensions")
_FORMS = frozenset(
    {
        "Annotated",
        "Any",
        "Callable",
        "ClassVar",
        "Concatenate",
        "Final",
        "Generic",
        "Literal",
        "LiteralString",
        "Never",
        "NoReturn",
        "NotRequired",
        "Optional",
        "Protocol",
        "ReadOnly",
        "Required",
        "Self",
        "Tuple",
        "Type",
        "TypeAlias",
        "TypeGuard",
        "TypeIs",
        "TypedDict",
        "Union",
        "Unpack",
    }
)
ALIASES = {
    "ChainMap": "collections.ChainMap",
    "Counter": "collections.Counter",
    "DefaultDict": "collections.defaultdict",
    "Deque": "collections.deque",
    "Dict": "dict",
    "FrozenSet": "frozenset",
    "List": "list",
    "OrderedDict": "collections.OrderedDict",
    "Set": "set",
}
"""Names of `typing` for other generic classes."""


def special_form(asking: Asking, file: str, term: int) -> str:
    """Give which special form, or alias, of `typing` a term names; empty if none."""
    scopes = asking.scopes(file)
    if scopes is None or scopes.facts.ops[term] not in (Op.NAME, Op.ATTRIBUTE):
        return ""
    for target in asking.targets(file, term):
        if target.name in _FORMS or target.name in ALIASES:
            if target.file in [asking.modules.outside(module) for module in _MODULES]:
                return target.name
            if target.name == "Callable" and target.file.startswith("/"):
                return "Callable"
    return ""
