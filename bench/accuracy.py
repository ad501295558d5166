"""How right our references are, by what ty, pyrefly and basedpyright agree on.

Run as `python -m bench.accuracy [--base django] [--seed 1] [-n 20] [--again]`. It picks n
functions, n methods and n classes of a code base by chance, asks the three servers and our own
query for their references, and prints precision and recall of ours, then each place that is
missed or wrong. The servers' answers are kept in the cache folder; `--again` takes them from there.

The truth is each place that at least two of the three name; the figures against the places that
all three name stand beside it. The goal is at least 0.98 for both. The servers' own figures by
the same rule show how far they differ; they flatter, since each has a vote.

Two things count as wrong here that are meant: strings in `__all__`, which basedpyright alone
names, and uses under another name that an import gives, which none of the three follows.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.agreement import Counts, Place, Subject, agreed, compare, summed
from bench.competitors import command_of
from bench.figures import save
from bench.referring import Answers, ask_ours, ask_server
from bench.sampling import KINDS, probes, sample
from bench.sources import bench_cache, source_tree
from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

SERVERS: dict[str, tuple[str, ...]] = {
    "ty": (),
    "pyrefly": ("--indexing-mode", "lazy-blocking", "--workspace-indexing-limit", "1000000"),
    "basedpyright": (),
}
"""Each with more arguments: pyrefly looks at 2,000 files if it is not told otherwise."""
OURS = "lsp-agent"
BASES = ("django", "homeassistant")
GOAL = 0.98
N_LEAST = 2
N_PROBES = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; gives 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy")
    parser.add_argument("--base", action="append", choices=BASES, help="code base (all)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("-n", type=int, default=20, help="definitions of each kind (20)")
    parser.add_argument("--again", action="store_true", help="take the servers' last answers")
    options = parser.parse_args(arguments)
    for base in options.base or BASES:
        measure(base, options.n, options.seed, is_again=options.again)
    return 0


def measure(base: str, n_each: int, seed: int, *, is_again: bool) -> None:
    """Measure one code base, print the table, and keep it among the results."""
    root = source_tree(base)
    kept = bench_cache() / f"accuracy-{base}-{seed}-{n_each}"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        codebase = _indexed(root, Path(folder))
        subjects = sample(codebase, n_each, seed)
        for name in SERVERS:
            path = kept / f"{name}.json"
            if not (is_again and path.is_file()):
                _keep(path, _asked(name, codebase, subjects))
        others = {name: _kept(kept / f"{name}.json", subjects) for name in SERVERS}
        ours = ask_ours(codebase, subjects)
        table, faults = report(subjects, ours, others), _faults(codebase, ours, others)
        title = f"### References of {len(subjects)} definitions of {base}, seed {seed}"
        text = "\n".join([title, "", "```", *table, "", *faults, "```", ""])
    print(text)
    save(f"accuracy-{base}", text)


def report(
    subjects: Sequence[Subject], ours: Answers, others: Mapping[str, Answers]
) -> Iterator[str]:
    """Give the figures as lines: ours by kind and in all, then each server's own."""
    yield f"{'':24} {'places':>6} {'precision':>9} {'recall':>7}   of all three: precision recall"
    for kind in KINDS:
        yield _line(f"{OURS} {kind.value}", [s for s in subjects if s.kind == kind], ours, others)
    for name, answers in {OURS: ours, **others}.items():
        yield _line(name, subjects, answers, others)
    two = summed(_counts(subjects, ours, others, N_LEAST))
    is_reached = min(two.precision, two.recall) >= GOAL
    yield f"goal: {GOAL} each, {'reached' if is_reached else 'missed'}"


def _line(
    title: str, subjects: Sequence[Subject], answers: Answers, others: Mapping[str, Answers]
) -> str:
    two = summed(_counts(subjects, answers, others, N_LEAST))
    all_of_them = summed(_counts(subjects, answers, others, len(others)))
    return (
        f"{title:24} {two.n_right + two.n_missed:6} {two.precision:9.4f} {two.recall:7.4f}"
        f"{'':16}{all_of_them.precision:9.4f} {all_of_them.recall:6.4f}"
    )


def _counts(
    subjects: Sequence[Subject], answers: Answers, others: Mapping[str, Answers], n_least: int
) -> Iterator[Counts]:
    for subject in subjects:
        truth = agreed({name: other[subject] for name, other in others.items()}, n_least)
        yield compare(answers[subject], truth)


def _faults(codebase: CodebaseView, ours: Answers, others: Mapping[str, Answers]) -> Iterator[str]:
    """Give the places that are missed or wrong, each with its line and who named it."""
    for subject, answer in ours.items():
        truth = agreed({name: other[subject] for name, other in others.items()}, N_LEAST)
        if answer == truth:
            continue
        yield f"{subject} ({len(truth)} places)"
        for word, places in (("missed", truth - answer), ("wrong", answer - truth)):
            for place in sorted(places):
                voters = ", ".join(name for name in others if place in others[name][subject])
                line = codebase.document(place.file).text.split("\n")[place.line].strip()
                yield f"  {word} {place} [{voters}] {line[:100]}"


def _indexed(root: Path, folder: Path) -> CodebaseView:
    index = Index(root, folder / "index.sqlite")
    index.build()
    return index.view(Workspace(DiskSource(root)).snapshot())


def _asked(name: str, codebase: CodebaseView, subjects: Sequence[Subject]) -> Answers:
    argv = (*command_of(name), *SERVERS[name])
    first = probes(codebase, subjects, N_PROBES)
    return ask_server(argv, codebase.root, subjects, first, lambda text: _say(f"{name}: {text}"))


def _keep(path: Path, answers: Answers) -> None:
    rows = [[_row(s.place), sorted(map(_row, places))] for s, places in answers.items()]
    path.write_text(json.dumps(rows), encoding="utf-8")


def _kept(path: Path, subjects: Sequence[Subject]) -> Answers:
    rows = json.loads(path.read_text(encoding="utf-8"))
    by_place = {Place(*place): frozenset(Place(*row) for row in found) for place, found in rows}
    return {subject: by_place[subject.place] for subject in subjects}


def _row(place: Place) -> list[str | int]:
    return [place.file, place.line, place.column]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
