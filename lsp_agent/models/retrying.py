"""A model that is asked again when its provider has a bad moment.

A wrapper of the Model port: whoever asks sees one stream, or the error of the last attempt.
"""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from lsp_agent.models.port import Model, ModelError, ModelErrorKind, ModelEvent, ModelRequest

MAX_RETRIES = 2
FIRST_DELAY_S = 0.5
MAX_RETRY_AFTER_S = 20.0
"""A provider that asks for a longer wait is not asked again: the person decides."""

_PASSING = frozenset(
    {
        ModelErrorKind.OVERLOADED,
        ModelErrorKind.RATE_LIMITED,
        ModelErrorKind.PROVIDER_FAULT,
        ModelErrorKind.UNREACHABLE,
        ModelErrorKind.BROKEN_STREAM,
    }
)
"""What may be gone a moment later."""

Sleep = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

logger = logging.getLogger(__name__)


class RetryingModel:
    """Asks another model, and again where that may help; implements Model.

    Only a request that has given nothing yet is repeated, so that no word is said twice and no
    tool runs twice.
    """

    def __init__(self, model: Model, *, sleep: Sleep = asyncio.sleep) -> None:
        """Ask `model`, and wait between attempts by `sleep`."""
        self._model = model
        self._sleep = sleep

    @property
    def name(self) -> str:
        """The name of the model that is asked."""
        return self._model.name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask, and give the answer as it is written.

        Raises: ModelError.
        """
        for n_retries in range(MAX_RETRIES + 1):
            has_begun = False
            try:
                async with aclosing(self._model.stream(request)) as stream:
                    async for event in stream:
                        has_begun = True
                        yield event
                return
            except ModelError as error:
                delay_s = _delay_s(error, n_retries)
                if has_begun or delay_s is None:
                    raise
                logger.info("%s: %s; next attempt in %.1f s", self.name, error.kind, delay_s)
            await self._sleep(delay_s)


def _delay_s(error: ModelError, n_retries: int) -> float | None:
    """Give the seconds until the next attempt, None when there should be none."""
    if n_retries >= MAX_RETRIES or error.kind not in _PASSING:
        return None
    if error.retry_after_s is None:
        # Spread out, so that many clients that failed together do not come back together.
        return FIRST_DELAY_S * 2**n_retries * random.uniform(1.0, 1.5)
    return error.retry_after_s if error.retry_after_s <= MAX_RETRY_AFTER_S else None
