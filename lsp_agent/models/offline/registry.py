"""Finds the rules: every module of the folder `rules` that ends in `RULE`."""

import functools
import importlib
import pkgutil

from lsp_agent.models.offline import rules
from lsp_agent.models.offline.problem import Rule


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Give every rule, sorted by name; they are imported at the first call.

    Raises: TypeError if a module has no `RULE` of its own name.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return tuple(_load(name) for name in names)


def _load(name: str) -> Rule:
    rule: object = getattr(importlib.import_module(f"{rules.__name__}.{name}"), "RULE", None)
    if not isinstance(rule, Rule) or rule.name != name:
        raise TypeError(f"expected RULE named {name!r} in rules/{name}.py, got {rule!r}")
    return rule
