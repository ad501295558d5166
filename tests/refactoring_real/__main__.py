"""Apply symbolic edits to copies of Flask, and run Flask's own tests on each.

Run as `python -m tests.refactoring_real [--source FOLDER | ARCHIVE] [--only WORD] [--keep]`.
Without a source it is downloaded by pip. The exit code is 1 if a test fails that passes
without the edit.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from mcp_tools.types.errors import ExpectedError
from tests.refactoring_real.edits import EDITS, RealEdit
from tests.refactoring_real.project import (
    Outcome,
    codebase_at,
    environment,
    fetch,
    run_tests,
    unpack,
    write,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make all edits, one after the other, each on a fresh copy; give 0 if all were right."""
    options = _parser().parse_args(arguments)
    given: Path | None = options.source
    ready: Path | None = options.python
    above: Path | None = options.folder
    folder = Path(tempfile.mkdtemp(dir=above))
    try:
        python = ready or environment(folder / "environment")
        source = _source(given, python, folder)
        before = run_tests(python, source)
        _say(f"without an edit: {before.n_passed} passed, {len(before.failed)} failed")
        wanted = [edit for edit in EDITS if options.only in edit.label]
        results = [_try(edit, source, python, before) for edit in wanted]
        _say(f"{sum(results)} of {len(results)} edits keep the tests as they were")
        return 0 if all(results) and before.n_passed else 1
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def _try(edit: RealEdit, source: Path, python: Path, before: Outcome) -> bool:
    copy = source.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    codebase = codebase_at(copy)
    started = perf_counter()
    try:
        made = edit.make(codebase)
    except ExpectedError as error:
        _say(f"{edit.label}: REFUSED: {error}")
        return False
    elapsed_s = perf_counter() - started
    n_files = write(codebase, made.changes)
    after = run_tests(python, copy)
    news = sorted(after.failed - before.failed)
    is_right = not news and after.n_passed == before.n_passed
    _say(
        f"{edit.label}: {n_files} files in {elapsed_s:.2f} s, {len(made.unresolved)} left, "
        f"{len(made.notes)} notes; {after.n_passed} passed{'' if is_right else ', WRONG'}"
    )
    for note in made.notes:
        _say(f"  note: {note}")
    for name in news[:10]:
        _say(f"  newly failed: {name}")
    if not is_right:
        _say(after.output[-2000:])
    return is_right


def _source(given: Path | None, python: Path, folder: Path) -> Path:
    if given is None:
        return fetch(python, folder)
    if given.is_file():
        return unpack(given, folder)
    return Path(shutil.copytree(given, folder / "source"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.refactoring_real", description=__doc__)
    parser.add_argument("--source", type=Path, help="Flask's source, as a folder or an archive")
    parser.add_argument("--python", type=Path, help="an interpreter that has what Flask needs")
    parser.add_argument("--only", default="", help="edits that have this word in their name")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--keep", action="store_true", help="leave the last copy for a look")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
