"""`lsp-agent mcp` as a process: what it serves, what it refuses, and how it ends."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.lsp_agent.cli.mcp_client import connected
from tests.lsp_agent.cli.program import LIMIT_S, Program

QUICKLY_S = 5.0
"""For what takes under a second, on a machine where much else runs."""


def test_a_client_reads_edits_and_finds_its_edit_waiting_for_review(
    program: Program, project: Path
) -> None:
    with connected(program) as client:
        text, is_error = client.call("read_file", path="lengths.py")
        assert not is_error
        assert "def n_chars" in text
        text, _ = client.call("edit_file", path="lengths.py", old_string="wrds", new_string="words")
        assert "held for review" in text
        assert client.leave() == 0
    assert "wrds" in (project / "lengths.py").read_text(encoding="utf-8")
    done = program.run("review", "--show")
    assert "Edit lengths.py, by test client" in done.stdout
    accepted = program.run("review", "all", "--accept")
    assert accepted.returncode == 0, accepted.stderr
    assert "wrds" not in (project / "lengths.py").read_text(encoding="utf-8")


def test_at_the_level_edit_it_is_written_and_can_be_taken_back(
    program: Program, project: Path
) -> None:
    with connected(program, "--trust", "--level", "edit") as client:
        client.call("read_file", path="lengths.py")
        text, _ = client.call("edit_file", path="lengths.py", old_string="wrds", new_string="words")
        assert "Written to disk" in text
    assert "wrds" not in (project / "lengths.py").read_text(encoding="utf-8")
    assert program.run("undo").returncode == 0
    assert "wrds" in (project / "lengths.py").read_text(encoding="utf-8")


def test_a_command_needs_a_person_or_a_rule_and_a_folder_that_is_trusted(program: Program) -> None:
    command = "mkdir build && echo made"
    with connected(program, "--profile", "full", "--allow", "shell") as client:
        text, is_error = client.call("shell", command=command)
        assert (is_error, "this folder is not trusted" in text) == (True, True)
    with connected(program, "--profile", "full", "--trust") as client:
        text, is_error = client.call("shell", command=command)
        assert is_error
        assert "lsp-agent rules add 'allow command mkdir build'" in text
        text, is_error = client.call("shell", command="echo hello")
        assert (is_error, "hello" in text) == (False, True)
    with connected(program, "--profile", "full", "--trust", "--allow", "shell") as client:
        text, is_error = client.call("shell", command=command)
        assert (is_error, "made" in text) == (False, True)


def test_a_profile_has_fewer_tools(program: Program) -> None:
    counts: dict[str, int] = {}
    for profile in ("read", "full"):
        with connected(program, "--profile", profile) as client:
            counts[profile] = len(client.ask("tools/list")["tools"])
    assert 0 < counts["read"] < counts["full"]


def test_each_root_is_served(program: Program, project: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "b.txt").write_text("of the second\n", encoding="utf-8")
    roots = ("--root", str(project), "--root", str(second), "--root", str(second))
    with connected(program, *roots, cwd=tmp_path) as client:
        text, is_error = client.call("read_file", path="b.txt", root="second")
        assert (is_error, "of the second" in text) == (False, True)


@pytest.mark.parametrize("root", ["/", "~", "gone"])
def test_a_root_that_nobody_should_serve_is_refused(
    program: Program, tmp_path: Path, root: str
) -> None:
    name = str(program.home) if root == "~" else str(tmp_path / root)
    done = program.run("mcp", "--root", name)
    assert done.returncode == 2
    expected = "expected a directory" if root == "gone" else "is never served"
    assert expected in done.stderr
    assert done.stdout == ""


def test_in_the_home_folder_a_root_must_be_named(program: Program) -> None:
    at_home = Program(home=program.home, cwd=program.home)
    done = at_home.run("mcp")
    assert done.returncode == 2
    assert "name its folder by --root" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--level", "all"), "invalid choice: 'all'"),
        (("--profile", "x"), "invalid choice: 'x'"),
        (("--http", "here"), "expected --http HOST:PORT, got 'here'"),
        (("--http", "127.0.0.1:70000"), "expected --http HOST:PORT"),
        (("--no-auth",), "--no-auth says how to serve HTTP: add --http"),
        (("--http", ":0", "--tls-cert", "a"), "expected --tls-cert and --tls-key, got one"),
        (("--http", ":0", "--issuer", "https://a"), "expected --issuer and --resource"),
        (
            ("--http", ":0", "--no-auth", "--issuer", "https://a", "--resource", "https://b"),
            "expected --no-auth or --issuer, got both",
        ),
        (("serve",), "invalid choice: 'serve'"),
    ],
)
def test_what_cannot_be_meant_is_said(
    program: Program, arguments: tuple[str, ...], expected: str
) -> None:
    done = program.run("mcp", *arguments)
    assert done.returncode == 2
    assert expected in done.stderr


@pytest.mark.parametrize("end", [None, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_of_it(program: Program, end: signal.Signals | None) -> None:
    with connected(program, "--profile", "full", "--trust", "--allow", "shell") as client:
        mark = f"6{os.getpid()}{0 if end is None else int(end)}"
        client.call("shell", command=f"sleep {mark}", background=True)
        client.send("tools/call", name="shell", arguments={"command": f"sleep {mark}"})
        _until(lambda: len(_running(f"sleep\0{mark}\0")) == 2)
        started = time.monotonic()
        assert (client.leave() if end is None else client.end_by(end)) == 0
        assert time.monotonic() - started < QUICKLY_S
        _until(lambda: not _running(f"sleep\0{mark}\0"))


def test_a_server_that_is_killed_leaves_no_process(program: Program, project: Path) -> None:
    for number in range(300):
        (project / f"m{number}.py").write_text(f"def f{number}(): pass\n", encoding="utf-8")
    with connected(program, "--profile", "full", "--trust", "--allow", "shell") as client:
        mark = f"7{os.getpid()}"
        client.call("find_symbol", name="f299")
        client.call("shell", command=f"sleep {mark}", background=True)
        _until(lambda: len(_running(f"sleep\0{mark}\0")) == 1)
        family = _family(client.process.pid)
        client.process.kill()
        client.process.wait(LIMIT_S)
    _until(lambda: not [pid for pid in family if Path(f"/proc/{pid}/cmdline").exists()])


def test_what_was_done_is_in_the_audit_log(program: Program, project: Path) -> None:
    with connected(program) as client:
        client.call("read_file", path="lengths.py")
        client.leave()
    shown = program.run("audit", "show")
    assert "test client  read_file  done" in shown.stdout
    assert program.run("audit", "verify").returncode == 0
    found = json.loads(program.run("audit", "show", "--json").stdout)
    assert [line["kind"] for line in found["lines"]] == ["ruling", "call"]


def _until(holds: object) -> None:
    """Wait until something holds, looking again and again."""
    assert callable(holds)
    deadline = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < deadline
        os.sched_yield()


def _running(command: str) -> list[int]:
    """Give the processes with this command line."""
    found: list[int] = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = Path(f"/proc/{name}/cmdline").read_text(encoding="utf-8")
            except OSError:
                continue
            if text == command:
                found.append(int(name))
    return found


def _family(pid: int) -> list[int]:
    """Give the processes that one has started, and what those have."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                status = Path(f"/proc/{name}/stat").read_text(encoding="utf-8")
            except OSError:
                continue
            parent = int(status.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(name))
    found, waiting = list[int](), [pid]
    while waiting:
        more = children.get(waiting.pop(), [])
        found += more
        waiting += more
    return found
