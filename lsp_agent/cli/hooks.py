"""List the hooks and the events that they are for, or try them with a sample."""

import argparse
import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lsp_agent.app import build_disk_engine
from lsp_agent.cli.arguments import settings_of, workspace_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.config.settings import SettingsError
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.hooking.judges import EngineJudges
from lsp_agent.engine.spelling import one_line
from lsp_agent.hooks.events import EVENTS, HookEvent
from lsp_agent.hooks.firing import Heard, fire
from lsp_agent.hooks.hook import Hook, Occasion
from lsp_agent.hooks.hooks import REFUSED
from lsp_agent.hooks.samples import sample_of
from lsp_agent.hooks.schemas import schemas
from mcp_tools.types.json import JsonObject, JsonValue

SCHEMA = 1
NOT_FIRED = "not fired yet by this version"
EPILOG = """\
`list` shows which hooks count, which files do not and why, and all events. `test EVENT` runs the
hooks of one event with a sample of it: really runs them, and shows what each answers. `schema`
prints the JSON Schemas of what a hook is given and answers, and of an entry in `hooks.toml`.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and options."""
    parser.epilog = EPILOG
    parser.add_argument(
        "action",
        choices=("list", "test", "schema"),
        nargs="?",
        default="list",
        help="what to do (default: %(default)s)",
    )
    parser.add_argument("event", metavar="EVENT", nargs="?", help="the event to try")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it, and give the exit code: of `test`, whether all hooks have worked.

    Raises: UsageError.
    """
    if arguments.action == "schema":
        print(json.dumps(schemas(), indent=None if arguments.json else 2))
        return ExitCode.DONE
    event = _event(arguments)
    engine = _engine(arguments)
    try:
        engine.hooks.refresh()
        if event is None:
            _list(engine, is_json=arguments.json)
            return ExitCode.DONE
        return _test(engine, event, is_json=arguments.json)
    finally:
        engine.close()


def _event(arguments: argparse.Namespace) -> HookEvent | None:
    if arguments.action != "test":
        if arguments.event is not None:
            raise UsageError("expected an event only for `hooks test EVENT`")
        return None
    if arguments.event not in list(HookEvent):
        raise UsageError(f"expected an event: one of {', '.join(HookEvent)}")
    return HookEvent(arguments.event)


def _engine(arguments: argparse.Namespace) -> Engine:
    root: Path = workspace_of(arguments.root)
    try:
        return build_disk_engine(settings_of(arguments), root)
    except SettingsError as error:
        raise UsageError(str(error)) from error


def _list(engine: Engine, *, is_json: bool) -> None:
    hooks, problems = engine.hooks.all(), engine.hooks.problems()
    if is_json:
        print(json.dumps(_listing(hooks, problems)))
        return
    for hook in hooks:
        print(f"{hook.name}  ({hook.kind}, {hook.maker})  on {', '.join(sorted(hook.events))}")
    if not hooks:
        print("There are no hooks.")
    for problem in problems:
        print(f"Not used: {one_line(problem)}")
    print("\nEvents, and what a hook may do at each beside watching:")
    width = max(map(len, HookEvent))
    for event, spec in EVENTS.items():
        may = ", ".join(sorted(spec.may)) or "-"
        note = "" if spec.is_fired else f" ({NOT_FIRED})"
        print(f"  {event:{width}}  {may:26}  {spec.when}{note}")


def _listing(hooks: Iterable[Hook], problems: Iterable[str]) -> JsonObject:
    return {
        "schema": SCHEMA,
        "hooks": [_as_json(hook) for hook in hooks],
        "problems": [*problems],
        "events": [_event_as_json(event) for event in EVENTS],
    }


def _as_json(hook: Hook) -> JsonObject:
    return {
        "name": hook.name,
        "kind": hook.kind,
        "maker": hook.maker,
        "events": [*sorted(hook.events)],
        "timeout_s": hook.timeout_s,
        "on_failure": hook.on_failure,
        "state": "refused" if hook.kind == REFUSED else "active",
    }


def _event_as_json(event: HookEvent) -> JsonObject:
    spec = EVENTS[event]
    return {
        "name": event,
        "when": spec.when,
        "may": [*sorted(spec.may)],
        "payload": spec.payload.__name__,
        "is_fired": spec.is_fired,
    }


@dataclass(frozen=True, slots=True)
class _Trial:
    """What one hook has answered."""

    hook: Hook
    heard: Heard
    before: object

    @property
    def answers(self) -> tuple[str, ...]:
        heard = self.heard
        changed = () if heard.payload == self.before else (msgspec.json.encode(heard.payload),)
        return (
            *(f"failed: {said.text}" for said in heard.failures),
            *(f"denies: {said.text}" for said in heard.denials),
            *(f"asks: {said.text}" for said in heard.questions),
            *(f"changes it to: {payload.decode('utf-8')}" for payload in changed),
            *(f"adds: {said.text}" for said in heard.contexts),
        )


def _test(engine: Engine, event: HookEvent, *, is_json: bool) -> int:
    trials = asyncio.run(_tried(engine, event))
    if is_json:
        answers: list[JsonValue] = [
            {"hook": trial.hook.name, "answers": [*trial.answers]} for trial in trials
        ]
        print(json.dumps({"schema": SCHEMA, "event": event, "hooks": answers}))
    else:
        for trial in trials:
            for answer in trial.answers or ("nothing",):
                print(f"{trial.hook.name}: {one_line(answer)}")
        if not trials:
            print(f"There is no hook for a {event} like the sample.")
    is_failed = any(trial.heard.failures for trial in trials)
    return ExitCode.NOT_SOLVED if is_failed else ExitCode.DONE


async def _tried(engine: Engine, event: HookEvent) -> list[_Trial]:
    """Run each hook by itself, so that it can be said which has answered what."""
    occasion = Occasion(
        event=event,
        payload=sample_of(event),
        session_id="sample",
        root=engine.workspace.root,
        judges=EngineJudges(engine),
    )
    hooks = [hook for hook in engine.hooks.of(event) if hook.is_for(occasion)]
    return [_Trial(hook, await fire([hook], occasion), occasion.payload) for hook in hooks]


COMMAND = CliCommand(
    name="hooks",
    summary="list what runs when something happens, or try it",
    add_arguments=add_arguments,
    run=run,
)
