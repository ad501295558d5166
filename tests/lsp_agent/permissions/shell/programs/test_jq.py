"""Filters of jq: pure, but for what shows variables or loads modules."""

from pathlib import Path

import pytest

from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("jq . package.json", NOTHING),
        ("jq -r '.a | keys[]' package.json", NOTHING),
        ("jq -nr '1 + 1'", NOTHING),
        ("jq .env package.json", NOTHING),
        ("jq '.a.env' package.json", NOTHING),
        ("jq '.include' tsconfig.json", NOTHING),
        ("jq --arg env prod '.[$env]' package.json", NOTHING),
        ("jq '.environment' package.json", NOTHING),
        ("jq . /etc/passwd", {"outside-workspace"}),
        ("jq . .env", {"secret-file"}),
        ("jq env package.json", {"environment"}),
        ("jq -n 'env.PATH'", {"environment"}),
        ("jq -n '[env]'", {"environment"}),
        ("jq -n '\"\\(env)\"'", {"environment"}),
        ("jq -n '..env'", {"environment"}),
        ("jq -n '$ENV'", {"environment"}),
        ("jq -n '$ ENV'", {"environment"}),
        ("jq -n '$ENV.HOME'", {"environment"}),
        ("jq 'import \"a\" as a; .' package.json", {"script"}),
        ("jq 'include \"a\"; .' package.json", {"script"}),
        ("jq -n '\"a\"|modulemeta'", {"script"}),
        ("jq --slurpfile a /etc/passwd . package.json", {"outside-workspace"}),
        ("jq --rawfile a .env . package.json", {"secret-file"}),
        ("jq --rawfile a names.txt . package.json", NOTHING),
        ("jq -f names.txt package.json", {"listed-files"}),
        ("jq -rf /etc/passwd package.json", {"listed-files", "outside-workspace"}),
        ("jq . package.json --from-file /etc/passwd", {"listed-files", "outside-workspace"}),
        ("jq -L src . package.json", {"unknown-option"}),
        ("jq --argfile a /etc/passwd . x", {"unknown-option", "outside-workspace"}),
    ],
)
def test_filters_and_files_are_judged(
    command: str, expected: frozenset[str] | set[str], root: Path
) -> None:
    assert checks(root, command) == expected
