"""Hooks that note what they are told, in a session that is real up to the model's wire."""

from dataclasses import dataclass, field

from lsp_agent.engine.engine import Engine
from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.hook import Occasion
from lsp_agent.hooks.payloads import Payload


@dataclass
class Notes:
    """What hooks were told, in the order in which they were."""

    occasions: list[Occasion] = field(default_factory=list[Occasion])

    @property
    def events(self) -> list[HookEvent]:
        """The events, in their order."""
        return [occasion.event for occasion in self.occasions]

    def of(self, event: HookEvent) -> list[Payload]:
        """Give the payloads of one event."""
        return [each.payload for each in self.occasions if each.event is event]

    async def note(self, occasion: Occasion) -> Answer | None:
        """Note one occasion, and only watch; a hook."""
        self.occasions.append(occasion)
        return None


def watched(engine: Engine) -> Notes:
    """Let hooks of all events note what they are told."""
    notes = Notes()
    for event in HookEvent:
        engine.hooks.registry.add(event, notes.note, name="notes")
    return notes


def answering(engine: Engine, event: HookEvent, answer: Answer, name: str = "guard") -> None:
    """Let a hook of one event answer always the same."""

    async def run(occasion: Occasion) -> Answer | None:
        del occasion
        return answer

    engine.hooks.registry.add(event, run, name=name)


DENY = Answer(decision="deny", reason="not\u202e today")
SHOWN = "the hook 'guard': not<U+202E> today"
ASK = Answer(decision="ask", reason="are you sure?")
