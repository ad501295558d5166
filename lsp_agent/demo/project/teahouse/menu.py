"""The menu: what there is, and what it costs."""

import os
from dataclasses import dataclass

from teahouse.money import cents


@dataclass(frozen=True)
class Item:
    """One thing that can be ordered."""

    name: str
    price: int


def read_menu(text):
    """Read the menu from JSON: names and prices."""
    return {name: Item(name, cents(price)) for name, price in json.loads(text).items()}
