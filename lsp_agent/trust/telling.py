"""What to tell a person before they trust a folder, and of how it stands."""

from collections.abc import Iterator
from pathlib import Path

from lsp_agent.permissions.levels import Trust
from lsp_agent.permissions.shell.showing import is_hidden
from lsp_agent.trust.powers import Power
from lsp_agent.trust.store import TrustView

MAX_POWERS = 20

WHAT_CHANGES = (
    "To trust it lets your level and your rules count here: its programs, tests and formatters "
    "run by them, and git looks at its work tree."
)
UNTIL_THEN = (
    "Until then it is read only: symbols, diagnostics, edits for review and the history work."
)


def question(root: Path) -> str:
    """Give the question to ask once for a folder."""
    return f"Do you trust what is in {shown(str(root))}?"


def lines_of(view: TrustView, root: Path) -> Iterator[str]:
    """Say how it stands with a folder: whether it is trusted, why, and what is on and off."""
    yield f"{shown(str(root))}: {view.trust} ({shown(view.reason)})"
    for power in view.powers[:MAX_POWERS]:
        yield f"  {power.kind}: {shown(power.name)} ({_state(view, power)})"
    if len(view.powers) > MAX_POWERS:
        yield f"  and {len(view.powers) - MAX_POWERS} more"


def advice(view: TrustView) -> str:
    """Say what to do where something is off; empty if nothing is."""
    if view.trust is Trust.UNTRUSTED:
        return "`lsp-agent trust grant` trusts it"
    if any(not power.problem for power in view.changed):
        return "`lsp-agent trust grant` shows what is off, and switches it on"
    return ""


def shown(text: str) -> str:
    """Write what cannot be seen in a name by its code, so that nothing misleads."""
    return "".join(f"<U+{ord(c):04X}>" if is_hidden(c) or not c.isprintable() else c for c in text)


def _state(view: TrustView, power: Power) -> str:
    if power.problem:
        return f"off: {shown(power.problem)}"
    if view.trust is Trust.UNTRUSTED:
        return "off"
    return "off: new, or changed since you trusted it" if power in view.changed else "on"
