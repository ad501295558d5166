"""Loads lsprotocol in a sixth of the time: a class gets its methods when it is first used.

attrs writes and compiles the methods of each class while `lsprotocol.types` is imported. For its
550 classes, of which one connection uses a hundred, that took a third of the start of a server.
Nothing else differs, but that instances have a `__dict__` in place of slots.
"""

import importlib
import sys
import typing
from threading import RLock
from typing import Any

import attrs

AnyClass = Any
"""A class to which methods are given while the program runs."""
_TYPES = "lsprotocol.types"
_LOCK = RLock()


def load_quickly() -> None:
    """Import `lsprotocol.types`; does nothing if that was done before."""
    if _TYPES in sys.modules:
        return
    define = attrs.define
    attrs.__dict__["define"] = _define_later
    try:
        importlib.import_module(_TYPES)
    finally:
        attrs.__dict__["define"] = define
    # It would ask all classes for their fields, to look up the types that these name.
    hooks = importlib.import_module("lsprotocol._hooks")
    hooks.__dict__["_resolved_forward_references"] = True
    _look_up_aliases()


def _look_up_aliases() -> None:
    """Find the types that other names of types stand for: nobody else could look them up."""
    named = _named_types()
    aliases = {name: value for name, value in named.items() if not isinstance(value, type)}
    typing.get_type_hints(type("Aliases", (), {"__annotations__": aliases}), named, {})


def _named_types() -> dict[str, Any]:
    return sys.modules[_TYPES].__dict__["ALL_TYPES_MAP"]


class _Fields:
    """Stands for the fields of a class, by which attrs and cattrs know one, until they are read."""

    def __init__(self, cls: AnyClass) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> object:
        self.finish()
        return self._cls.__attrs_attrs__

    def finish(self) -> None:
        """Do what `attrs.define` would have done."""
        cls = self._cls
        with _LOCK:
            if vars(cls)["__attrs_attrs__"] is self:
                cls.__annotations__ = typing.get_type_hints(cls, _named_types(), {})
                # In place, so without slots, and with an `__init__` though there is one.
                attrs.define(cls, slots=False, init=True)


def _define_later(cls: AnyClass) -> AnyClass:
    """Take the place of `attrs.define` as a decorator without arguments."""
    fields = _Fields(cls)

    def first_init(self: object, *values: object, **named: object) -> None:
        fields.finish()
        cls.__init__(self, *values, **named)

    cls.__init__ = first_init
    cls.__attrs_attrs__ = fields
    return cls
