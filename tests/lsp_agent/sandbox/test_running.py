"""Running a command: what it gets, what is kept of what it prints."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from lsp_agent.sandbox.running import MAX_OUTPUT_BYTES, Ended, Job, label_of, run_job
from mcp_tools.types.errors import OutOfTime, ProgramFailed
from mcp_tools.types.jobs import OnOutput
from mcp_tools.workspace.programs import words_argv
from tests.lsp_agent.sandbox.views import Signal

pytestmark = pytest.mark.asyncio


async def run(
    line: str, cwd: Path, *, timeout_s: float = 5, on_output: OnOutput | None = None
) -> Ended:
    argv = ("/bin/sh", "-c", line)
    name = label_of(argv)
    return await run_job(
        Job(argv=argv, name=name, cwd=cwd, timeout_s=timeout_s, on_output=on_output)
    )


async def test_output_and_errors_come_as_one_in_order(tmp_path: Path) -> None:
    ended = await run("echo a; echo b >&2; echo c; exit 3", tmp_path)
    assert ended == Ended(3, "a\nb\nc\n")


async def test_a_signal_is_a_negative_exit_code(tmp_path: Path) -> None:
    assert (await run("kill -TERM $$", tmp_path)).exit_code == -signal.SIGTERM


async def test_there_is_no_input_and_no_terminal(tmp_path: Path) -> None:
    line = "cat; test -t 0 || echo none; (: < /dev/tty) 2>/dev/null || echo no terminal"
    assert (await run(line, tmp_path)).output == "none\nno terminal\n"


async def test_output_that_is_not_utf8_is_shown_with_marks(tmp_path: Path) -> None:
    assert (await run(r"printf 'a\377b'", tmp_path)).output == "a\ufffdb"


async def test_a_flood_of_output_keeps_its_start_and_its_end(tmp_path: Path) -> None:
    n_bytes = 5 * MAX_OUTPUT_BYTES
    code = f"import sys; sys.stdout.write('start' + 'x' * {n_bytes} + 'end')"
    output = (await run(f'{sys.executable} -c "{code}"', tmp_path)).output
    head, _, rest = output.partition("\n[... ")
    n_left_out, _, tail = rest.partition(" bytes left out ...]\n")
    assert (head[:5], tail[-3:]) == ("start", "end")
    assert len(head) == len(tail) == MAX_OUTPUT_BYTES // 2
    assert int(n_left_out) == n_bytes + 8 - MAX_OUTPUT_BYTES


async def test_output_is_told_as_it_comes(tmp_path: Path) -> None:
    go = Signal(tmp_path / "go")
    told: list[str] = []

    def take(text: str) -> None:
        told.append(text)
        if len(told) == 1:
            go.send()  # The command waits for this, so it has not ended when its output is told.

    ended = await run(f"echo one; read x < {go.path}; echo two", tmp_path, on_output=take)
    go.close()
    assert (told[0], "".join(told), ended.output) == ("one\n", "one\ntwo\n", "one\ntwo\n")


async def test_no_character_is_told_in_halves(tmp_path: Path) -> None:
    told: list[str] = []
    text = "aä€😀" * 40_000  # longer than what is read at once
    code = "import sys; sys.stdout.buffer.write('aä€😀'.encode() * 40_000 + b'\\xe2')"
    (tmp_path / "print.py").write_text(code, encoding="utf-8")
    ended = await run(f"{sys.executable} print.py", tmp_path, on_output=told.append)
    assert len(told) > 1
    assert "".join(told) == ended.output == f"{text}\ufffd"


async def test_output_up_to_the_limit_is_whole(tmp_path: Path) -> None:
    line = f"head -c {MAX_OUTPUT_BYTES} /dev/zero | tr '\\0' x"
    assert (await run(line, tmp_path)).output == "x" * MAX_OUTPUT_BYTES


async def test_no_key_reaches_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    monkeypatch.setenv("NODE_OPTIONS", "--require secret")
    monkeypatch.setenv("LC_TIME", "C.UTF-8")
    seen = (await run("env", tmp_path)).output
    assert "secret" not in seen
    assert f"PATH={os.environ['PATH']}" in seen
    assert "LC_TIME=C.UTF-8" in seen
    assert "TERM=dumb" in seen


async def test_what_runs_on_in_the_background_ends_with_the_command(tmp_path: Path) -> None:
    alive = Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    ended = await run(f"exec 9> {alive.path}; echo up >&9; sleep 60 & echo done", tmp_path)
    assert ended.output == "done\n"
    assert await waiting == "up\n"


async def test_a_process_that_left_the_group_does_not_hold_us_up(tmp_path: Path) -> None:
    line = "setsid sh -c 'echo $$; echo > left; exec sleep 60' & read x < left"
    ended = await run(f"mkfifo left; {line}", tmp_path)
    os.kill(int(ended.output), signal.SIGKILL)


async def test_out_of_time_what_was_printed_last_comes_with_the_error(tmp_path: Path) -> None:
    with pytest.raises(OutOfTime) as caught:
        await run("echo begun; sleep 60", tmp_path, timeout_s=1)
    assert caught.value.output == "begun\n"


async def test_out_of_time_it_says_what_was_printed_last(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match=r"'sleep 60' did not finish .* printed last: ''"):
        await run("sleep 60", tmp_path, timeout_s=0.2)


@pytest.mark.parametrize("folder", ["missing", "file"])
async def test_a_folder_that_is_none_is_an_expected_failure(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProgramFailed, match="could not be started"):
        await run("true", tmp_path / folder)


@pytest.mark.parametrize(
    ("argv", "label"),
    [
        (("/bin/sh", "-c", "make  fmt &&\n make test"), "make fmt && make test"),
        (("/bin/bash", "--noprofile", "--norc", "-c", "make test"), "make test"),
        (("git", "log", "a b"), "git log 'a b'"),
        (words_argv(("git", "log", "a b")), "git log 'a b'"),
        (("x" * 100,), "x" * 77 + "..."),
    ],
)
async def test_a_label_is_one_short_line(argv: tuple[str, ...], label: str) -> None:
    assert label_of(argv) == label
