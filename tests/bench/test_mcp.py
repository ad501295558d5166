"""The load of the bench reaches both servers, in both eras."""

from pathlib import Path

import pytest

from bench.mcp import TRIVIAL, Row, running
from bench.mcp_load import HANDSHAKE, MODERN, LoadFailed, put_load


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["bare", "ours"])
async def test_calls_are_answered_side_by_side(name: str, tmp_path: Path) -> None:
    async with running(name, tmp_path) as subject:
        for era in (MODERN, HANDSHAKE):
            row = Row()
            target = subject.target(era, TRIVIAL, {"text": "one"})
            await row.load(subject, target, 3, 12)
            assert len(row.times_ms) == 12
            assert 0 < row.p50_ms <= row.p99_ms
        assert subject.resident_mb() > 10


@pytest.mark.asyncio
async def test_a_failed_call_ends_the_measurement(tmp_path: Path) -> None:
    async with running("ours", tmp_path) as subject:
        target = subject.target(MODERN, "read_file", {"path": "missing.py"})
        with pytest.raises(LoadFailed, match="missing"):
            await put_load(target, n_clients=1, n_calls=1)
