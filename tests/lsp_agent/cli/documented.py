"""The JSON of the commands as the README documents it."""

import re

from tests.lsp_agent.cli.program import ROOT


def documented(*beginnings: str) -> set[str]:
    """Give the fields that the README names in the items that begin so, their own parts left out.

    An item is found by the beginning of its line; what stands in brackets explains a field.
    """
    items = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    found: set[str] = set()
    for beginning in beginnings:
        (item,) = [line for line in items if line.startswith(f"- {beginning}")]
        # Lists in brackets may hold brackets of their own, but never in these items.
        told = re.sub(r"\([^)]*\)", "", item.removeprefix(f"- {beginning}"))
        found |= set(re.findall(r"`(\w+)`", told))
    return found


EVERY = "Every object has"
CHANGING = "What may change files also has"
