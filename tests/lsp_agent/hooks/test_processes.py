"""A hook's program gets no more than it should, and leaves nothing behind."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from lsp_agent.hooks.answers import HookFailed
from lsp_agent.hooks.processes import MAX_OUTPUT_BYTES, Printed, Program, run_program
from tests.lsp_agent.hooks.occasions import LIMIT_S

pytestmark = pytest.mark.asyncio


async def run(folder: Path, code: str, stdin: bytes = b"") -> Printed:
    """Run a line of Python as the program of a hook."""
    program = Program(
        argv=(sys.executable, "-I", "-S", "-c", code), folder=folder, not_below=folder / "shop"
    )
    async with asyncio.timeout(LIMIT_S):
        return await run_program(program, stdin)


async def test_it_is_given_its_input_and_its_output_is_kept(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read()[::-1]); print('x', file=sys.stderr); sys.exit(3)"
    assert await run(tmp_path, code, b"abc") == Printed(3, b"cba\n", b"x\n")


async def test_it_need_not_read_its_input(tmp_path: Path) -> None:
    assert await run(tmp_path, "pass", b"a" * 1_000_000) == Printed(0, b"", b"")


async def test_it_runs_in_its_folder_without_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    printed = await run(tmp_path, "import os; print(os.getcwd(), sorted(os.environ))")
    assert str(tmp_path) in printed.stdout.decode()
    assert b"ANTHROPIC" not in printed.stdout
    assert b"PYTHONPATH" not in printed.stdout


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_flood_ends_it(tmp_path: Path, stream: str) -> None:
    code = f"import sys\nwhile True: sys.{stream}.write('x' * 65536)"
    with pytest.raises(HookFailed, match=f"more than {MAX_OUTPUT_BYTES // 1024} KiB"):
        await run(tmp_path, code)


async def test_who_is_out_of_time_ends_with_all_that_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = (
        "import os\n"
        f"end = os.open({str(pipe)!r}, os.O_RDWR)\n"
        "if os.fork(): print('started', flush=True)\n"
        "import signal; signal.pause()"
    )
    # The pipe has readers as long as the program, or its child, lives.
    task = asyncio.create_task(run(tmp_path, code))
    async with asyncio.timeout(LIMIT_S):
        end = await asyncio.to_thread(os.open, pipe, os.O_WRONLY)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(BrokenPipeError):
        os.write(end, b"x")
    os.close(end)


async def test_what_cannot_be_started_is_a_failure(tmp_path: Path) -> None:
    for name in ("./missing", str(tmp_path), "no-such-program-here", "a\0b"):
        program = Program(argv=(name,), folder=tmp_path, not_below=tmp_path / "shop")
        with pytest.raises(HookFailed):
            await run_program(program, b"")


async def test_a_bare_name_is_not_found_in_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "check").write_text("#!/bin/sh\n", encoding="utf-8")
    (shop / "check").chmod(0o755)
    (tmp_path / "link").symlink_to(shop)
    for folder in (str(shop), str(tmp_path / "link"), ".", ""):
        monkeypatch.setenv("PATH", folder)
        monkeypatch.chdir(shop)
        program = Program(argv=("check",), folder=tmp_path, not_below=shop)
        with pytest.raises(HookFailed, match="not installed outside of the workspace"):
            await run_program(program, b"")
