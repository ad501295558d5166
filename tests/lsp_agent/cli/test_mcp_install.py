"""`lsp-agent mcp install` and `uninstall`, as a person uses them."""

import json
from pathlib import Path

import pytest

from tests.lsp_agent.cli.program import Program

SETTINGS = '{\n  // mine\n  "servers": {"x": {"command": "y"}}\n}\n'


def _file(program: Program) -> Path:
    path = program.home / ".config" / "Code" / "User" / "mcp.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def _vscode(program: Program, *arguments: str, verb: str = "install") -> tuple[int, str, str]:
    done = program.run("mcp", verb, "vscode", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_an_entry_is_shown_written_and_taken_out(program: Program) -> None:
    path = _file(program)
    code, shown, _ = _vscode(program, "--dry-run")
    assert (code, path.read_text(encoding="utf-8")) == (0, SETTINGS)
    assert str(path) in shown
    assert '"type": "stdio"' in shown
    code, written, _ = _vscode(program, "--yes", "--level", "edit", "--profile", "full")
    text = path.read_text(encoding="utf-8")
    assert code == 0
    assert text.startswith('{\n  // mine\n  "servers": {"x": {"command": "y"},')
    entry = json.loads(text.replace("// mine", ""))["servers"]["lsp-agent"]
    assert Path(entry["command"]).is_absolute()
    assert entry["args"][-5:] == ["mcp", "--profile", "full", "--level", "edit"]
    kept = Path(written.partition("kept in ")[2].split("\n")[0])
    assert kept.read_text(encoding="utf-8") == SETTINGS
    assert "has it already" in _vscode(program, "--yes", "--level", "edit", "--profile", "full")[1]
    code, out, _ = _vscode(program, "--yes", verb="uninstall")
    assert (code, "taken out" in out) == (0, True)
    assert json.loads(path.read_text(encoding="utf-8").replace("// mine", "")) == {
        "servers": {"x": {"command": "y"}}
    }
    assert _vscode(program, "--yes", verb="uninstall")[1].startswith("There is no entry")


def test_what_a_person_added_stays_and_is_named_but_not_shown(program: Program) -> None:
    path = _file(program)
    entry = {"command": "/old/lsp-agent", "args": ["mcp"], "env": {"KEY": "secret"}}
    path.write_text(json.dumps({"servers": {"lsp-agent": entry}}), encoding="utf-8")
    code, out, _ = _vscode(program, "--yes")
    assert (code, "stays: 'env'" in out, "secret" in out) == (0, True, False)
    written = json.loads(path.read_text(encoding="utf-8"))["servers"]["lsp-agent"]
    assert written["env"] == {"KEY": "secret"}
    assert written["command"] != "/old/lsp-agent"


def test_a_person_is_asked_and_only_a_yes_counts(program: Program) -> None:
    path = _file(program)
    code, _, error = _vscode(program)
    assert (code, "nobody can be asked" in error) == (3, True)
    program.on_terminal("mcp", "install", "vscode", typed="n\n")
    assert path.read_text(encoding="utf-8") == SETTINGS
    screen = program.on_terminal("mcp", "install", "vscode", typed="y\n")
    assert f"Write {path}?" in screen
    assert "lsp-agent" in path.read_text(encoding="utf-8")


def test_a_project_file_names_no_path_of_ours_and_decides_nothing_for_others(
    program: Program, project: Path
) -> None:
    code, out, _ = _vscode(program, "--project", "--yes")
    assert (code, "whoever opens this project" in out) == (0, True)
    text = (project / ".vscode" / "mcp.json").read_text(encoding="utf-8")
    assert json.loads(text)["servers"]["lsp-agent"]["command"] == "lsp-agent"
    for options in (("--level", "auto"), ("--root", ".")):
        code, _, error = _vscode(program, "--project", "--yes", *options)
        assert code == 2
        assert options[0] in error


def test_a_file_that_does_not_parse_is_refused_with_its_place(program: Program) -> None:
    path = _file(program)
    path.write_text('{\n  "servers": {"x" 1}\n}', encoding="utf-8")
    code, _, error = _vscode(program, "--yes")
    assert code == 1
    assert f"{path}: line 2, column 19: expected ':'" in error
    assert path.read_text(encoding="utf-8") == '{\n  "servers": {"x" 1}\n}'


def test_an_entry_of_somebody_else_is_replaced_only_by_force(program: Program) -> None:
    path = _file(program)
    code, _, error = _vscode(program, "--yes", "--name", "x")
    assert (code, "--force" in error) == (1, True)
    assert _vscode(program, "--yes", "--name", "x", verb="uninstall")[0] == 1
    assert path.read_text(encoding="utf-8") == SETTINGS
    assert _vscode(program, "--yes", "--name", "x", "--force")[0] == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--name", "a b"),
        ("--root", "/no/such/folder"),
        ("--level", "all"),
        ("--root", str(Path(Path.cwd().anchor))),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(program: Program, options: tuple[str, str]) -> None:
    assert _vscode(program, "--yes", *options)[0] == 2


def test_what_belongs_to_the_server_is_not_for_an_entry(program: Program) -> None:
    done = program.run("mcp", "--allow", "shell", "install", "vscode", "--yes")
    assert (done.returncode, "--allow" in done.stderr) == (2, True)
    done = program.run("mcp", "--level", "auto", "install", "vscode", "--dry-run")
    assert '"auto"' in done.stdout
