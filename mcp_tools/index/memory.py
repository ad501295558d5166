"""What queries remember from one revision to the next."""

from collections.abc import Callable
from threading import RLock
from typing import TypeVar, cast

T = TypeVar("T")


class QueryMemory:
    """Values by key, made at the first use; implements Memory."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._values: dict[str, object] = {}
        self._making = RLock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """Give what is remembered under `key`, made at the first use."""
        if key not in self._values:
            with self._making:
                if key not in self._values:
                    self._values[key] = make()
        # A key belongs to whoever chose it, and with it the type of what is kept there.
        return cast(T, self._values[key])
