"""Which walls there are for a system, the best ones first.

Namespaces come before bubblewrap because they have private copies of caches, and a limit of the
number of processes that holds for root too. Bubblewrap comes into its own where a system lets no
other program make namespaces, as AppArmor does on newer Ubuntu.
"""

import sys

from lsp_agent.sandbox.confining.bubblewrap import Bubblewrap
from lsp_agent.sandbox.confining.namespaces import Namespaces
from lsp_agent.sandbox.confining.scope import Confinement
from lsp_agent.sandbox.confining.seatbelt import Seatbelt

BY_SYSTEM: dict[str, tuple[Confinement, ...]] = {
    "linux": (Namespaces(), Bubblewrap()),
    "darwin": (Seatbelt(),),
}
"""By `sys.platform`."""


def confinements() -> tuple[Confinement, ...]:
    """Give those of this system."""
    return BY_SYSTEM.get(sys.platform, ())
