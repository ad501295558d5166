"""The tool shell, over a real workspace and by real processes."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from mcp_tools.code.commands.answering import MAX_OUTPUT_CHARS, CommandOutput
from mcp_tools.tools.shell import TOOL
from mcp_tools.tools.shell_output import TOOL as SHELL_OUTPUT
from mcp_tools.types.errors import ExpectedError, OutsideWorkspace, ProgramFailed
from tests.lsp_agent.sandbox.views import Signal
from tests.support.commands import CommandDesk, command_desk
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[CommandDesk]:
    async with command_desk(tmp_path) as desk:
        yield desk


async def test_the_exit_code_and_the_output_are_told(desk: CommandDesk) -> None:
    answer = await desk.call(TOOL, command="echo out; echo err >&2; exit 3")
    assert answer.text == "exit code 3\nout\nerr"
    assert answer.data == CommandOutput(
        exit_code=3, output="out\nerr\n", changed_files=(), n_changed_files=0, notes=()
    )
    assert answer.changes is None


async def test_silence_is_told(desk: CommandDesk) -> None:
    assert await desk.text(TOOL, command="true") == "exit code 0\n(no output)"


async def test_the_line_is_one_for_bash_without_start_up_files(desk: CommandDesk) -> None:
    line = 'a=(x y); [[ ${a[1]} == y ]] && echo "bash $BASH_ENV"; shopt -q login_shell || echo no'
    assert await desk.text(TOOL, command=line) == "exit code 0\nbash \nno"


async def test_a_single_program_gets_its_words_and_no_shell_reads_them(desk: CommandDesk) -> None:
    line = "/usr/bin/printf '%s\\n' 'a b' \"c'd\" \\$HOME \\*  # no more"
    assert await desk.text(TOOL, command=line) == "exit code 0\na b\nc'd\n$HOME\n*"
    assert await desk.text(TOOL, command="printenv PWD") == f"exit code 0\n{desk.root}"


async def test_a_program_that_is_not_there_is_told_as_by_a_shell(desk: CommandDesk) -> None:
    for line in ("no-such-program-4711 a", "no-such-program-4711 a | cat; exit 127"):
        text = await desk.text(TOOL, command=line)
        assert text.startswith("exit code 127\n")
        assert "no-such-program-4711: command not found" in text


async def test_what_is_unsaved_and_held_is_seen(desk: CommandDesk) -> None:
    desk.desk.write("a.py", "disk\n")
    desk.desk.type_in_editor("a.py", "typed\n")
    assert await desk.text(TOOL, command="cat a.py") == "exit code 0\ntyped"


async def test_what_is_written_comes_back_as_a_change_and_is_not_real(desk: CommandDesk) -> None:
    kept, gone = desk.desk.write("kept.py", "a\n"), desk.desk.write("gone.py", "b\n")
    line = "echo c >> kept.py; rm gone.py; mkdir d; echo n > d/new.py; ln -s kept.py link"
    answer = await desk.call(TOOL, command=line)
    assert "[changed: d/new.py (new), gone.py (deleted), kept.py, link (new)]" in answer.text
    assert data_of(answer, CommandOutput).n_changed_files == 4
    assert desk.desk.text_after(answer, "kept.py") == "a\nc\n"
    assert (kept.read_bytes(), gone.read_bytes()) == (b"a\n", b"b\n")
    assert not (desk.root / "d").exists()


async def test_what_changes_in_git_is_not_kept_and_that_is_said(desk: CommandDesk) -> None:
    desk.desk.write(".git/config", "a")
    answer = await desk.call(TOOL, command="echo b > .git/config")
    assert answer.changes is None
    assert "'.git/config': not kept, because it belongs to version control" in answer.text


async def test_many_changed_files_are_counted(desk: CommandDesk) -> None:
    answer = await desk.call(TOOL, command="for i in $(seq 120); do echo > f$i; done")
    data = data_of(answer, CommandOutput)
    assert (data.n_changed_files, len(data.changed_files)) == (120, 50)
    assert " and 70 more]" in answer.text


async def test_it_runs_in_a_folder_of_the_workspace_only(desk: CommandDesk) -> None:
    desk.desk.write("src/a.py", "")
    assert await desk.text(TOOL, command="ls", cwd="src") == "exit code 0\na.py"
    with pytest.raises(OutsideWorkspace):
        await desk.call(TOOL, command="ls", cwd="..")
    with pytest.raises(ProgramFailed, match="missing"):
        await desk.call(TOOL, command="ls", cwd="missing")


async def test_a_flood_is_shortened_at_both_ends(desk: CommandDesk) -> None:
    answer = await desk.call(TOOL, command="seq 100000")
    output = data_of(answer, CommandOutput).output
    assert output.startswith("1\n2\n")
    assert output.endswith("\n99999\n100000\n")
    assert "characters left out; print less of it" in output
    assert len(answer.text) <= MAX_OUTPUT_CHARS + 200 <= TOOL.max_text_chars


async def test_out_of_time_it_says_what_was_printed_and_what_to_do(desk: CommandDesk) -> None:
    with pytest.raises(ProgramFailed) as caught:
        await desk.call(TOOL, command="echo step one; sleep 1000", timeout_s=2)
    message = str(caught.value)
    assert "did not finish within 2 s and was ended with all that it started" in message
    assert "larger timeout_s (at most 3600), or run it with background=true" in message
    assert message.endswith("it printed last:\nstep one")


async def test_output_goes_to_progress_while_it_runs(desk: CommandDesk, tmp_path: Path) -> None:
    go = Signal(tmp_path / "go")
    running = asyncio.create_task(desk.call(TOOL, command=f"echo one; read x < {go.path}"))
    async with asyncio.timeout(10):
        assert (await desk.reports.get()).message == "one"
    assert not running.done()
    go.send()
    assert (await running).text == "exit code 0\none"
    go.close()


async def test_a_cancelled_call_ends_its_processes(desk: CommandDesk, tmp_path: Path) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    line = f"exec 9> {alive.path}; echo up > {up.path}; sleep 1000 & sleep 1000"
    running = asyncio.create_task(desk.call(TOOL, command=line))
    await up.read()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await waiting == ""


async def test_in_the_background_it_returns_at_once_with_a_job(desk: CommandDesk) -> None:
    answer = await desk.call(TOOL, command="sleep 1000", background=True)
    assert answer.text == (
        "job-1 runs; shell_output gives what it prints next, shell_stop ends it\n(no output)"
    )
    data = data_of(answer, CommandOutput)
    assert (data.job_id, data.exit_code, data.next_offset) == ("job-1", None, 0)


async def test_what_ends_at_once_in_the_background_is_told_whole(desk: CommandDesk) -> None:
    answer = await desk.call(TOOL, command="echo no; echo x > made; exit 1", background=True)
    while data_of(answer, CommandOutput).exit_code is None:  # on a slow machine
        answer = await desk.call(SHELL_OUTPUT, job_id="job-1", offset=0, wait_s=20)
    assert answer.text == "job-1 ended: exit code 1\nno\n[changed: made (new)]"
    assert desk.desk.text_after(answer, "made") == "x\n"


async def test_where_nothing_may_run_it_says_so(desk: CommandDesk) -> None:
    context = replace(desk.context(), commands=None)
    arguments = TOOL.input_model.model_validate({"command": "true"})
    with pytest.raises(ExpectedError, match="no commands can be run here"):
        await TOOL.run(context, arguments)


@pytest.mark.parametrize("command", ["a\0b", "echo \ud800"])
async def test_a_line_that_no_system_takes_is_an_expected_failure(
    desk: CommandDesk, command: str
) -> None:
    with pytest.raises(ProgramFailed, match="could not be started"):
        await desk.call(TOOL, command=command)


async def test_the_host_does_not_cut_the_time_that_was_asked_for() -> None:
    assert TOOL.timeout_s > 3600
