"""`lsp-agent demo` from start to end, as `make demo` runs it."""

from pathlib import Path

from tests.lsp_agent.cli.program import Program


def test_the_demo_turns_red_tests_green_and_leaves_nothing_behind(
    program: Program, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    variables = {"TMPDIR": str(temporary), "ANTHROPIC_API_KEY": "is never used"}
    done = Program(home=program.home, cwd=program.cwd, variables=variables).run("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    before, after = done.stdout.index("FAILED ("), done.stdout.index("9 tests: OK")
    assert before < done.stdout.index("+import json\n") < after
    assert "What the server reports now\n  no problem" in done.stdout
    for name in ("Neovim", "VS Code", "Helix"):
        assert done.stdout.index(f"\n{name}: ") > after
    assert not list(temporary.iterdir())
    assert not list(program.home.iterdir())


def test_the_fixed_project_can_be_kept(program: Program, tmp_path: Path) -> None:
    done = program.run("demo", "--keep", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "kept/teahouse/order.py").read_text(encoding="utf-8")
    assert "from teahouse.menu import Item\n" in text
    again = program.run("demo", "--keep", str(tmp_path / "kept"))
    assert (again.returncode, again.stdout) == (2, "")
    assert "expected a new folder" in again.stderr
