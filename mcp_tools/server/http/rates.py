"""How many requests one principal may send."""

from collections import OrderedDict
from collections.abc import Callable

_MAX_PRINCIPALS = 10_000


class Rates:
    """A bucket of requests for each principal, that fills up steadily."""

    def __init__(self, *, per_s: float, burst: int, clock: Callable[[], float]) -> None:
        """Take the rate, the size of a bucket, and a clock that counts seconds."""
        self._per_s = per_s
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """How much is in each bucket, and when that was counted; the longest unused first."""

    def wait_s(self, principal: str) -> float:
        """Take one request out of the bucket; give 0, or how long until there is one."""
        now = self._clock()
        left, counted_at = self._buckets.pop(principal, (float(self._burst), now))
        left = min(float(self._burst), left + (now - counted_at) * self._per_s)
        wait_s = max(0.0, (1 - left) / self._per_s)
        self._buckets[principal] = (left if wait_s else left - 1, now)
        if len(self._buckets) > _MAX_PRINCIPALS:
            self._buckets.popitem(last=False)
        return wait_s
