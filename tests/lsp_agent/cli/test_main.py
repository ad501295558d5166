"""Finding a command: names, help, version, and what goes wrong before it runs."""

import importlib
import importlib.metadata
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import lsp_agent.cli
from lsp_agent.cli.command import CliCommand
from lsp_agent.cli.main import COMMANDS, load_command, main
from tests.lsp_agent.cli.program import LIMIT_S, ROOT, Program, command


def test_the_table_names_every_command_and_its_summary() -> None:
    found: dict[str, str] = {}
    for info in pkgutil.iter_modules(lsp_agent.cli.__path__):
        module = importlib.import_module(f"lsp_agent.cli.{info.name}")
        value = vars(module).get("COMMAND")
        if isinstance(value, CliCommand):
            assert value.name == info.name
            found[value.name] = value.summary
    assert found == dict(COMMANDS)


def test_every_command_is_loaded_by_its_name() -> None:
    assert [load_command(name).name for name in COMMANDS] == list(COMMANDS)


def test_the_version_is_that_of_the_distribution(program: Program) -> None:
    done = program.run("--version")
    assert done.stdout == f"lsp-agent {importlib.metadata.version('lsp-agent')}\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_help_lists_the_commands(program: Program) -> None:
    done = program.run("--help")
    assert done.returncode == 0
    for name, summary in COMMANDS.items():
        assert f"  {name}" in done.stdout
        assert summary in done.stdout


def test_a_command_has_help_of_its_own(program: Program) -> None:
    done = program.run("fix", "--help")
    assert done.returncode == 0
    assert "FILE[:LINE]" in done.stdout
    assert "--apply" in done.stdout


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_the_help_of_every_command_fits_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for name in COMMANDS:
        assert main([name, "--help"]) == 0
        assert f"usage: lsp-agent {name} " in capsys.readouterr().out


def test_no_command_is_wrong_usage_and_shows_help(program: Program) -> None:
    done = program.run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "doctor" in done.stderr


def test_a_misspelled_command_is_refused_with_what_is_close(program: Program) -> None:
    done = program.run("fxi", "a.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no command 'fxi'; did you mean fix?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_like_no_other_is_refused_with_all_there_are(program: Program) -> None:
    done = program.run("zzz")
    assert done.returncode == 2
    assert f"expected {', '.join(COMMANDS)}" in done.stderr


def test_an_unknown_option_exits_with_2(program: Program) -> None:
    for arguments in (("--wrong",), ("tools", "--wrong")):
        done = program.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--wrong" in done.stderr


def test_main_gives_the_exit_code_and_does_not_exit() -> None:
    assert main(["tools", "--wrong"]) == 2
    assert main(["--help"]) == 0


def test_help_and_the_language_server_import_no_other_command() -> None:
    program = (
        "import sys; from lsp_agent.cli.main import load_command, main; main(['--help']); "
        "load_command('lsp'); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert "lsp_agent.cli.lsp" in loaded
    others = {f"lsp_agent.cli.{name}" for name in COMMANDS if name != "lsp"}
    heavy = {"anthropic", "jedi", "pydantic", "rich"}
    assert not loaded & (others | heavy)


@pytest.mark.parametrize("arguments", [("tools", "--json"), ("doctor",)])
def test_a_reader_that_leaves_early_is_no_fault(
    program: Program, arguments: tuple[str, ...]
) -> None:
    """The reading end is closed before the program writes, as by `| head -0`."""
    process = subprocess.Popen(
        command(arguments),
        cwd=program.cwd,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process:
        errors = process.stderr.read()
        assert process.wait(LIMIT_S) == 141
    assert errors == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", ["--version", "tools", "fix other.py"])
def test_a_closed_standard_stream_is_no_fault(
    program: Program, closed: str, arguments: str
) -> None:
    done = in_shell(program, f"{arguments} {closed}")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_closed_stdin_holds_no_text(program: Program) -> None:
    done = in_shell(program, "ask - <&-")
    assert done.returncode == 2
    assert "got an empty text" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", ["tools", "doctor", "fix lengths.py"])
def test_output_that_cannot_be_written_exits_with_1(program: Program, arguments: str) -> None:
    done = in_shell(program, f"{arguments} >/dev/full")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_folder_that_is_gone_is_wrong_usage(program: Program) -> None:
    done = in_shell(program, "ask hello", before="mkdir gone; cd gone; rmdir ../gone;")
    assert done.returncode == 2
    assert "the folder that you are in is gone" in done.stderr


@pytest.mark.parametrize("address", ["here", "localhost:65536", "localhost:²", ":1"])
def test_an_address_that_is_none_is_wrong_usage(program: Program, address: str) -> None:
    done = program.run("lsp", "--tcp", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"expected --tcp HOST:PORT, got {address!r}" in done.stderr


def in_shell(
    program: Program, arguments: str, *, before: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command with redirections."""
    return subprocess.run(
        ["sh", "-c", f'{before} exec "$0" -m lsp_agent {arguments}', sys.executable],
        cwd=program.cwd,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=False,
    )


def test_characters_that_the_terminal_lacks_are_escaped(program: Program) -> None:
    ascii_only = Program(
        home=program.home, cwd=program.cwd, variables={"PYTHONIOENCODING": "ascii"}
    )
    done = ascii_only.run("fix", "lengths.py:ü")
    assert done.returncode == 2
    assert "lengths.py:\\xfc" in done.stderr
