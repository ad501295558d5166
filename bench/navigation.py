"""How quickly questions about symbols are answered, beside other servers.

Run as `python -m bench.navigation [--base django] [--server ty] [-n 50]`. What it prints is also
kept in `bench/results`. Servers take turns on each question, so that all see the same machine;
only ratios mean anything.

- *warm*: milliseconds of one request, each about another name, with everything read.
- *edit*: from typing a call at the end of a file to references that have it.
- *cold*: seconds from the start of the process to the first right answer, with no cache.
- *restart*: the same, with the cache of a run before.
- *memory*: resident MB of the process and its children after the warm questions.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.agreement import Place, Subject
from bench.asking import Asker
from bench.competitors import command_of, own_command
from bench.figures import Figures, save, table
from bench.lsp_client import LspClient, ServerFailed
from bench.sources import source_tree
from bench.subjects import find_subject, pick_subjects

OURS, TY = "lsp-agent", "ty"
SERVERS = (OURS, TY, "basedpyright", "jedi-language-server")
HOT_NAMES = {
    "flask": (("src/flask/templating.py", "render_template"), ("src/flask/app.py", "Flask")),
    "django": (
        ("django/utils/module_loading.py", "import_string"),
        ("django/test/utils.py", "override_settings"),
    ),
    "homeassistant": (
        ("homeassistant/helpers/event.py", "async_track_time_interval"),
        ("homeassistant/helpers/update_coordinator.py", "CoordinatorEntity"),
    ),
}
"""For each code base a name that is used a little, and one that is used a lot."""
GOALS_ARE_FOR = "django"
ELSEWHERE = "\nThe goals are meant for 500,000 lines, which are django's.\n"
SEED = 20261121
N_EDITS = 20
TRUTH_TIMEOUT_S = 300.0
COLD_TIMEOUT_S = 30.0
SETTLE_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One code base with what is asked about it, and where ours keeps its cache."""

    base: str
    root: Path
    cache: Path
    subjects: Sequence[Subject]
    figures: Figures = field(default_factory=Figures)

    @contextlib.contextmanager
    def running(self, server: str, *, cache: Path | None = None) -> Generator[Asker]:
        """Start a server on the code base, and end it."""
        argv = own_command() if server == OURS else command_of(server)
        own_env = {
            "LSP_AGENT_CACHE_DIR": str(cache or self.cache),
            "LSP_AGENT_STATE_DIR": str(self.cache.parent / "state"),
            # An installed server has its modules compiled.
            "PYTHONDONTWRITEBYTECODE": "",
        }
        env = own_env if server == OURS else {}
        client = LspClient(argv, self.root, env=env)
        try:
            yield Asker(client)
        finally:
            client.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep; gives 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.navigation")
    parser.add_argument("--base", action="append", choices=HOT_NAMES, help="all of them")
    parser.add_argument("--server", action="append", choices=SERVERS, help="all of them")
    parser.add_argument("-n", type=int, default=50, help="names to ask for (50)")
    parsed = parser.parse_args(arguments)
    servers: Sequence[str] = parsed.server or SERVERS
    for base in parsed.base or HOT_NAMES:
        figures = measure(base, servers, parsed.n)
        text = table(base, figures) + ("" if base == GOALS_ARE_FOR else ELSEWHERE)
        print(text, flush=True)
        save(f"navigation-{base}", text)
    return 0


def measure(base: str, servers: Sequence[str], n_names: int) -> Figures:
    """Run all questions on one code base."""
    root = source_tree(base)
    with tempfile.TemporaryDirectory(prefix="lsp-agent-bench-") as folder:
        subjects = pick_subjects(root, n_names, SEED)
        bench = Bench(base=base, root=root, cache=Path(folder) / "cache", subjects=subjects)
        build_index(bench)
        warm(bench, servers)
        for label, (file, name) in zip(("light", "heavy"), HOT_NAMES[base], strict=True):
            starts(bench, servers, label, find_subject(root, file, name))
    return bench.figures


def build_index(bench: Bench) -> None:
    """Let ours build its index, as a first run would have."""
    say(f"{bench.base}: building the index")
    argv = (sys.executable, "-m", "lsp_agent", "index", "--path", str(bench.root))
    env = {"LSP_AGENT_CACHE_DIR": str(bench.cache)}
    subprocess.run(argv, check=True, capture_output=True, env={**os.environ, **env})


def warm(bench: Bench, servers: Sequence[str]) -> None:
    """Ask all servers in turn about each name, everything having been read once."""
    with contextlib.ExitStack() as stack:
        askers = {name: stack.enter_context(bench.running(name)) for name in servers}
        for name, asker in askers.items():
            say(f"{bench.base}: {name} gets ready")
            wait_until_settled(asker, hot_subject(bench))
        for subject in bench.subjects[1:]:
            for name, asker in askers.items():
                with contextlib.suppress(ServerFailed):
                    ask_about(bench, name, asker, subject)
        for name, asker in askers.items():
            bench.figures.add("memory", name, asker.client.memory_bytes() / 1e6)
        for subject in bench.subjects[1 : 1 + N_EDITS]:
            for name, asker in askers.items():
                with contextlib.suppress(ServerFailed):
                    time_edit(bench, name, asker, subject)


def hot_subject(bench: Bench) -> Subject:
    """Give a name that is used in several files."""
    return find_subject(bench.root, *HOT_NAMES[bench.base][0])


def ask_about(bench: Bench, server: str, asker: Asker, subject: Subject) -> None:
    """Ask the four questions about one definition, and note how long each took."""
    asker.open(subject.place.file)
    with bench.figures.timed("warm: workspace symbol", server, subject.path):
        asker.symbols(subject.path)
    with bench.figures.timed("warm: references", server, subject.path):
        asker.references(subject)
    with bench.figures.timed("warm: outline", server, subject.path):
        asker.outline(subject.place.file)
    if server.startswith("jedi"):
        return  # It has no call hierarchy.
    item = asker.prepare_calls(subject)
    if item is not None:
        with bench.figures.timed("warm: incoming calls", server, subject.path):
            asker.incoming(item)


def time_edit(bench: Bench, server: str, asker: Asker, subject: Subject) -> None:
    """Type a use at the end of the file of a definition, until references have it."""
    text = asker.open(subject.place.file)
    line = text.count("\n") + 1
    started = time.perf_counter()
    asker.append(subject.place.file, f"\n{subject.path}")
    wanted = Place(subject.place.file, line, 0)
    while time.perf_counter() - started < 5.0:
        found = wanted in asker.references(subject)
        if found or not _is_top_level(text, subject):
            break
    if _is_top_level(text, subject):
        bench.figures.add("edit: references", server, 1000 * (time.perf_counter() - started))


def starts(bench: Bench, servers: Sequence[str], label: str, subject: Subject) -> None:
    """Time the first right answer after a start, with and without a cache."""
    truth = agreed_truth(bench, subject)
    say(f"{bench.base}: {subject.path} is named in {len(truth)} places")
    for _ in range(3):
        for server in servers:
            if server not in (OURS, TY):
                continue  # The others take many seconds, and are no goal.
            with tempfile.TemporaryDirectory(dir=bench.cache.parent) as empty:
                time_start(bench, server, subject, truth, (f"cold: {label}", Path(empty)))
            time_start(bench, server, subject, truth, (f"restart: {label}", bench.cache))


def time_start(
    bench: Bench, server: str, subject: Subject, truth: frozenset[Place], how: tuple[str, Path]
) -> None:
    """Start a server, and note the seconds until its answer has all of `truth`."""
    question, cache = how
    with bench.running(server, cache=cache) as asker:
        elapsed_s, n_found = asker.until_references(subject, truth, COLD_TIMEOUT_S)
    if elapsed_s < 0:
        say(f"{bench.base}: {server} never found all {len(truth)} places, but {n_found}")
    else:
        bench.figures.add(question, server, elapsed_s)


def agreed_truth(bench: Bench, subject: Subject) -> frozenset[Place]:
    """Give the places on which ty and basedpyright agree."""
    answers: list[frozenset[Place]] = []
    for server in (TY, "basedpyright"):
        with bench.running(server) as asker:
            answers.append(wait_until_settled(asker, subject))
    return answers[0] & answers[1]


def wait_until_settled(asker: Asker, subject: Subject) -> frozenset[Place]:
    """Ask until three answers in a row are the same, and about more than one file.

    Servers may answer at once with what they know, which at first is the open file alone.
    """
    last: list[frozenset[Place]] = []
    deadline = time.perf_counter() + TRUTH_TIMEOUT_S
    while time.perf_counter() < deadline:
        last = [*last[-2:], asker.references(subject)]
        if len(last) == 3 and len(set(last)) == 1 and len({p.file for p in last[0]}) > 1:
            break
        time.sleep(SETTLE_S)
    return last[-1]


def say(text: str) -> None:
    """Tell what is being done."""
    print(text, file=sys.stderr, flush=True)


def _is_top_level(text: str, subject: Subject) -> bool:
    return text.split("\n")[subject.place.line].startswith(("def ", "class ", "async def "))


if __name__ == "__main__":
    sys.exit(main())
