"""Facts that were used lately, bounded by the memory that they take."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from mcp_tools.types.facts import Facts

MAX_BYTES = 40 * 1024 * 1024
_ROW_BYTES = 160
"""What a row of a table takes in memory on average, the numbers in it included."""


class FactsCache:
    """The facts used last, by a key of the caller. Safe to use from several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Hold at most about `max_bytes`."""
        self._max_bytes = max_bytes
        self._n_bytes = 0
        self._facts: OrderedDict[Hashable, tuple[Facts, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Facts | None:
        """Give the facts that were put under a key, if they are still here."""
        with self._lock:
            found = self._facts.get(key)
            if found is None:
                return None
            self._facts.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, facts: Facts) -> None:
        """Hold facts, and let go of those that were not used for longest."""
        size = _size_of(facts)
        with self._lock:
            if key in self._facts:
                return
            self._facts[key] = (facts, size)
            self._n_bytes += size
            while self._n_bytes > self._max_bytes and len(self._facts) > 1:
                _, (_, freed) = self._facts.popitem(last=False)
                self._n_bytes -= freed


def _size_of(facts: Facts) -> int:
    columns = (facts.packed_a, facts.packed_b, facts.packed_starts, facts.packed_lists)
    n_rows = len(facts.scopes) + len(facts.bindings) + len(facts.stored) + len(facts.names)
    n_parameters = sum(len(symbol.parameters) for symbol in facts.symbols)
    return (
        sum(map(len, columns))
        + len(facts.packed_occurrences)
        + (n_rows + n_parameters + 3 * len(facts.symbols)) * _ROW_BYTES
    )
