"""What a new process finds after a crash: all old or all new, and a history that is true."""

import json
import stat
from dataclasses import asdict, dataclass

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.journal import Entry, EntryState
from mcp_tools.workspace.disk.recovery import Recovered, recover
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from tests.crash.scenario import (
    Picture,
    Place,
    Scenario,
    picture_after,
    picture_before,
    picture_of,
)

NEVER_BEGAN, TAKEN_BACK = "never began", "taken back"
_TEMPORARY = ".lsp-agent-"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a crash ended, and what is wrong with that."""

    outcome: str
    problems: tuple[str, ...]

    def to_json(self) -> str:
        """Give it as a line that another process can read."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(line: str) -> "Verdict":
        """Read what `to_json` wrote."""
        found = json.loads(line)
        return Verdict(outcome=found["outcome"], problems=tuple(found["problems"]))


def check(scenario: Scenario, place: Place, *, is_acknowledged: bool) -> Verdict:
    """Reopen the project after a crash, and look; `is_acknowledged` if the change had returned."""
    problems = _torn(scenario, picture_of(place.root))
    journal = place.journal()
    try:
        recovered = recover(journal, DiskSource(place.root))
        entries, earlier = _split(scenario, journal.entries())
    except ExpectedError as error:
        return Verdict("failed", (f"the recovery failed: {error!r}",))
    found = picture_of(place.root)
    problems += [f"an earlier change is {entry.state}" for entry in earlier if not _is_done(entry)]
    problems += [f"reported as left: {name}" for item in recovered for name in item.left]
    problems += _disagreeing(scenario, found)
    problems += _untrue(scenario, found, entries)
    problems += _not_loading(journal, (*entries, *earlier))
    journal.close()
    if is_acknowledged and [entry.state for entry in entries] != [EntryState.DONE]:
        problems.append("the change was acknowledged, but is not done")
    problems += _not_settled(place, found)
    return Verdict(_outcome(entries, recovered), tuple(problems))


def _split(
    scenario: Scenario, entries: tuple[Entry, ...]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Part the entries of the change from those that were there before."""
    n_own = len(entries) - (0 if scenario.is_first else 1)
    return entries[:n_own], entries[n_own:]


def _is_done(entry: Entry) -> bool:
    return entry.state is EntryState.DONE


def _torn(scenario: Scenario, found: Picture) -> list[str]:
    before, after = picture_before(scenario), picture_after(scenario)
    return [
        f"neither old nor new: {name} {found.get(name)!r}"
        for name in {*before, *after, *found}
        if found.get(name) not in (before.get(name), after.get(name))
        and not name.rpartition("/")[2].startswith(_TEMPORARY)
        and not _is_between(before.get(name), after.get(name), found.get(name))
    ]


def _is_between(
    old: tuple[int, bytes] | None, new: tuple[int, bytes] | None, now: tuple[int, bytes] | None
) -> bool:
    """Tell whether a folder takes the place of a file or leaves it, or was made just now."""
    has_folder = any(item is not None and stat.S_ISDIR(item[0]) for item in (old, new))
    return has_folder and (now is None or stat.S_ISDIR(now[0]))


def _disagreeing(scenario: Scenario, found: Picture) -> list[str]:
    before, after = picture_before(scenario), picture_after(scenario)
    if found in (before, after):
        return []
    names = {name for name in {*before, *after, *found} if found.get(name) != before.get(name)}
    new = {name for name in {*before, *after, *found} if found.get(name) != after.get(name)}
    return [f"not all old: {sorted(names)}; not all new: {sorted(new)}"]


def _untrue(scenario: Scenario, found: Picture, entries: tuple[Entry, ...]) -> list[str]:
    states = [entry.state for entry in entries]
    if found == picture_before(scenario):
        return [] if states in ([], [EntryState.INTERRUPTED]) else [f"all old, but {states}"]
    return [] if states == [EntryState.DONE] else [f"all new, but {states}"]


def _not_loading(journal: Journal, entries: tuple[Entry, ...]) -> list[str]:
    problems: list[str] = []
    for record in (record for entry in entries for record in entry.files):
        for stored in (record.before, record.after):
            try:
                if stored is not None:
                    journal.load(stored)
            except ExpectedError as error:
                problems.append(f"{record.path} does not load: {error}")
    return problems


def _not_settled(place: Place, found: Picture) -> list[str]:
    journal = place.journal()
    problems: list[str] = []
    if again := recover(journal, DiskSource(place.root)):
        problems.append(f"there was something to recover again: {again}")
    if picture_of(place.root) != found:
        problems.append("the second reopening changed files")
    journal.close()
    return problems


def _outcome(entries: tuple[Entry, ...], recovered: tuple[Recovered, ...]) -> str:
    if not entries:
        return NEVER_BEGAN
    if not recovered:
        return str(entries[0].state)
    if recovered[0].is_finished:
        return "finished by the recovery"
    return TAKEN_BACK if recovered[0].put_back else "nothing had been changed"
