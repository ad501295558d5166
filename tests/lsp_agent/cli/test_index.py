"""`lsp-agent index`: reading all code of a project."""

import signal
from pathlib import Path

from tests.lsp_agent.cli.code import answer, code_program, lines
from tests.lsp_agent.cli.program import Program


def test_files_time_and_size_are_told(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    first = lines(program, "index")
    assert first[0].startswith("2 source files, 2 read in ")
    assert first[1].endswith("MB on disk")
    assert lines(program, "index")[0].startswith("2 source files, 0 read in ")
    assert lines(program, "index", "--rebuild")[0].startswith("2 source files, 2 read in ")


def test_json_tells_what_was_left_out(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    (program.cwd / "latin.py").write_bytes(b"x = '\xe9'\n")
    shown = answer(program, "index")
    assert (shown["files"], shown["is_complete"], shown["problem"]) == (3, True, None)
    (left_out,) = shown["left_out"]
    assert left_out["path"] == "latin.py"
    assert left_out["reason"]
    assert shown["size_bytes"] > 0
    assert shown["seconds"] >= 0
    told = lines(program, "index")
    assert f"  latin.py: {left_out['reason']}" in told


def test_an_index_that_cannot_be_kept_is_no_failure(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    nowhere = {"XDG_CACHE_HOME": str(tmp_path / "file")}
    done = Program(home=program.home, cwd=program.cwd, variables=nowhere).run("index")
    assert done.returncode == 0
    assert done.stderr.startswith("The index is not kept: ")


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    program = code_program(tmp_path)
    body = "".join(f"def f{number}(a, b):\n    return a + b + {number}\n" for number in range(400))
    for number in range(150):
        (program.cwd / f"m{number}.py").write_text(f"# {number}\n{body}", encoding="utf-8")
    with program.at_terminal("index") as seat:
        seat.sees("Reading ")
        seat.process.send_signal(signal.SIGINT)
        seat.sees("before it was cancelled")
        assert seat.ends() == 130
    assert lines(program, "index")[0].startswith("152 source files, ")
