"""Running the hooks of one event; of their answers the strictest wins."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from lsp_agent.hooks.answers import Answer, HookFailed, checked
from lsp_agent.hooks.hook import Hook, Occasion
from lsp_agent.hooks.payloads import Payload

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """A few words of a hook."""

    hook: str
    text: str

    def __str__(self) -> str:
        return f"the hook {self.hook!r}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What all hooks of an event have answered; without any of them, nothing happens."""

    payload: Payload
    """As it is after all changes."""
    denials: tuple[Said, ...] = ()
    questions: tuple[Said, ...] = ()
    contexts: tuple[Said, ...] = ()
    failures: tuple[Said, ...] = ()
    """What did not work, whether it is a denial or not."""

    @property
    def denial(self) -> str:
        """Why it must not happen, naming the hooks; empty if it may."""
        return "; ".join(map(str, self.denials))

    @property
    def question(self) -> str:
        """Why a person is to be asked; empty if not."""
        return "; ".join(map(str, self.questions))


async def fire(hooks: Sequence[Hook], occasion: Occasion) -> Heard:
    """Run hooks that are for this occasion; never raises for what they do.

    Those that may change the input run one after another in their order, and each sees what the
    one before has made. The others then run side by side over what will really happen. After a
    denial nothing more is run.
    """
    heard = Heard(payload=occasion.payload)
    for hook in hooks:
        if hook.may_change:
            heard = _joined(heard, hook, await _reply(hook, occasion), occasion)
            occasion = replace(occasion, payload=heard.payload)
            if heard.denials:
                return heard
    watching = [hook for hook in hooks if not hook.may_change]
    for hook, reply in zip(watching, await _replies(watching, occasion), strict=True):
        heard = _joined(heard, hook, reply, occasion)
    return heard


async def _replies(hooks: Sequence[Hook], occasion: Occasion) -> list[Answer | HookFailed]:
    if len(hooks) == 1:
        return [await _reply(hooks[0], occasion)]
    return list(await asyncio.gather(*(_reply(hook, occasion) for hook in hooks)))


async def _reply(hook: Hook, occasion: Occasion) -> Answer | HookFailed:
    """Run one hook within its time."""
    try:
        async with asyncio.timeout(hook.timeout_s):
            answer = await hook.run(occasion)
        answer = checked(answer, occasion.spec, may_change=hook.may_change)
        if answer.change is not None:
            _changed(occasion.payload, answer.change)
    except HookFailed as error:
        return error
    except TimeoutError:
        return HookFailed(f"it did not answer within {hook.timeout_s:g} s")
    except Exception as error:
        # A hook is code of somebody else: its faults are answers of it.
        logger.exception("the hook %r failed at %s", hook.name, occasion.event)
        return HookFailed(f"it failed: {error!r}")
    return answer


def _joined(heard: Heard, hook: Hook, reply: Answer | HookFailed, occasion: Occasion) -> Heard:
    """Add what one hook said."""
    if isinstance(reply, HookFailed):
        return _with_failure(heard, hook, reply, occasion)
    if reply.decision == "deny":
        return replace(heard, denials=(*heard.denials, Said(hook.name, reply.reason)))
    if reply.decision == "ask":
        heard = replace(heard, questions=(*heard.questions, Said(hook.name, reply.reason)))
    if reply.context.strip():
        heard = replace(heard, contexts=(*heard.contexts, Said(hook.name, reply.context)))
    if reply.change is not None:
        heard = replace(heard, payload=_changed(heard.payload, reply.change))
    return heard


def _with_failure(heard: Heard, hook: Hook, failure: HookFailed, occasion: Occasion) -> Heard:
    logger.warning("the hook %r failed at %s: %s", hook.name, occasion.event, failure)
    said = Said(hook.name, str(failure))
    heard = replace(heard, failures=(*heard.failures, said))
    if not hook.denies_when_failing(occasion.event):
        return heard
    denial = Said(hook.name, f"{failure}; as long as it fails, this is denied")
    return replace(heard, denials=(*heard.denials, denial))


def _changed(payload: Payload, change: dict[str, object]) -> Payload:
    """Give a payload with some fields replaced: the text of a prompt, or arguments of a call.

    Raises: HookFailed for what cannot be changed.
    """
    allowed = _CHANGEABLE.get(type(payload).__name__, frozenset())
    if other := sorted(change.keys() - allowed):
        raise HookFailed(f"{other[0]!r} cannot be changed; only {', '.join(sorted(allowed))} can")
    try:
        values = {**msgspec.to_builtins(payload), **change}
        return msgspec.convert(values, type(payload))
    except msgspec.ValidationError as error:
        raise HookFailed(f"its change is not what the schema says: {error}") from error


_CHANGEABLE = {"ToolWanted": frozenset({"arguments"}), "PromptGiven": frozenset({"text"})}
"""By payload, the fields that a hook may change."""
