"""The sample is by chance, but always the same, and has what can be asked about."""

from pathlib import Path

from bench.agreement import Place, Subject
from bench.sampling import N_LEAST, n_occurrences, probes, sample, utf16_column
from tests.support.codebases import codebase_of

FILES = {
    "a.py": (
        "class Item:\n    def show(self): ...\n    def __len__(self): ...\n"
        "def make(): ...\ndef make(): ...\ndef rare(): ...\ndef test_it(): ...\n"
    ),
    "b.py": (
        "from a import Item, make, rare, test_it\nx = make()\nx = Item()\n"
        "x.show()\nx.show()\ntest_it()\n"
    ),
}


def test_it_has_what_is_named_often_enough_to_be_asked_about(tmp_path: Path) -> None:
    codebase = codebase_of(FILES, tmp_path)
    assert n_occurrences(codebase, "rare") < N_LEAST <= n_occurrences(codebase, "show")
    assert sample(codebase, 9, 1) == (
        Subject("function", "make", Place("a.py", 3, 4)),
        Subject("method", "Item/show", Place("a.py", 1, 8)),
        Subject("class", "Item", Place("a.py", 0, 6)),
    )


def test_equal_seeds_give_equal_samples_and_other_seeds_others(tmp_path: Path) -> None:
    names = [f"name_{number}" for number in range(30)]
    text = "".join(f"def {name}(): ...\n{name}()\n{name}()\n" for name in names)
    codebase = codebase_of({"a.py": text}, tmp_path)
    assert sample(codebase, 3, 1) == sample(codebase, 3, 1) != sample(codebase, 3, 2)
    assert len(sample(codebase, 3, 1)) == 3


def test_probes_are_what_most_files_name(tmp_path: Path) -> None:
    codebase = codebase_of(FILES, tmp_path)
    subjects = sample(codebase, 9, 1)
    assert [probe.path for probe in probes(codebase, subjects, 1)] == ["make"]
    assert [probe.path for probe in probes(codebase, subjects, 9)] == ["make", "Item"]


def test_columns_count_utf_16_units() -> None:
    assert utf16_column("ab\nxä😀y", 6) == 4
    assert utf16_column("abc", 2) == 2
