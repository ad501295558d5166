"""A few kills of a build of the index; `python -m tests.crash.index` does two hundred."""

import random
from pathlib import Path

from tests.crash.index import kill_builds


def test_an_index_is_right_after_its_build_was_killed(tmp_path: Path) -> None:
    kills = list(kill_builds(tmp_path, 3, random.Random(1)))
    assert [kill.problems for kill in kills] == [()] * 3
