"""What one file says about one name, where that can be told without the facts of all of it."""

import msgspec


class Glance(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The places of a name that a file imports from one module, and else only uses, bare."""

    module: str
    """As it is written in the import, dots in front."""
    places: tuple[tuple[int, int], ...]
    """Line and column of each, from 0 and in code points, in the order of the text; the import
    is among them."""
