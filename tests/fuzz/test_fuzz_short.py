"""A short run of the fuzzer on each transport; `make fuzz` is the long one."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.fuzz import http, stdio
from tests.fuzz.http import fuzz_http
from tests.fuzz.report import Report
from tests.fuzz.stdio import fuzz_stdio

N_MESSAGES = 10_000
SEED = 20_261_121
HANG_BESIDE_OTHERS_S = 5.0
"""Other tests take the processors meanwhile; alone, as `make fuzz`, a second counts as a hang."""

Fuzz: TypeAlias = Callable[[int, int, Path], Coroutine[Any, Any, Report]]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fuzz", [fuzz_stdio, fuzz_http])
def test_no_message_ends_stops_or_confuses_the_server(
    fuzz: Fuzz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (http, stdio):
        monkeypatch.setattr(module, "HANG_S", HANG_BESIDE_OTHERS_S)
    report = asyncio.run(fuzz(N_MESSAGES, SEED, tmp_path))

    assert not report.problems, report.text()
    assert report.n_messages >= N_MESSAGES * 0.99
    assert report.n_answers > N_MESSAGES / 2
