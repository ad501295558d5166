"""What the doctor says of trust."""

import json

from tests.lsp_agent.cli.program import Program


def check(program: Program) -> dict[str, str]:
    checks: list[dict[str, str]] = json.loads(program.run("doctor", "--json").stdout)["checks"]
    (found,) = [each for each in checks if each["name"] == "trust"]
    return found


def test_the_doctor_tells_whether_the_project_is_trusted(program: Program) -> None:
    (program.cwd / "pyproject.toml").write_text("", encoding="utf-8")
    before = check(program)
    assert before["state"] == "note"
    assert "untrusted (nobody has vouched for it)" in before["detail"]
    assert "trust grant" in before["advice"]
    program.run("trust", "grant", "--yes")
    after = check(program)
    assert (after["state"], after["advice"]) == ("ok", "")
