"""Change shell lines at random, and run what the gate allows, without effects.

Run as `python -m tests.gate [--mutations N] [--seed S] [--short]`. It prints the decisions, how
many lines were run, and each that would have had an effect. The exit code is 1 if there was any,
or if an effect that is known is not seen.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from tests.gate.cases import all_cases, everyday_lines
from tests.gate.controls import blind_spots
from tests.gate.fuzzing import Report, mutations, try_lines
from tests.gate.recorder import why_not
from tests.gate.workspace import make_gate

_N_MUTATIONS, _N_SHORT = 200_000, 2000


def main(arguments: Sequence[str] | None = None) -> int:
    """Mutate, judge, run, print, and give 0 if nothing had an effect."""
    options = _parser().parse_args(arguments)
    if reason := why_not():
        sys.stdout.write(f"skipped: {reason}\n")
        return 0
    is_short: bool = options.short
    n_mutations: int = options.mutations or (_N_SHORT if is_short else _N_MUTATIONS)
    started = perf_counter()
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        gate = make_gate(Path(name))
        unseen = list(blind_spots(gate))
        if not is_short:
            benign = (case.line for case in all_cases() if case.is_benign)
            try_lines(gate, (*benign, *everyday_lines()), report)
        try_lines(gate, mutations(n_mutations, options.seed), report)
    text = "\n".join((*(f"BLIND {control}" for control in unseen), report.text()))
    sys.stdout.write(f"{text}, {perf_counter() - started:.0f} s\n")
    return 1 if report.violations or unseen else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.gate")
    parser.add_argument("--short", action="store_true", help="2000 mutations, and no other lines")
    parser.add_argument("--mutations", type=int, metavar="N", help="how many (200000; short 2000)")
    parser.add_argument("--seed", type=int, default=0, help="for the mutations (0)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
