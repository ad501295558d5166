"""grep, ripgrep and fd: patterns are data, files are judged, helpers refused."""

from pathlib import Path

import pytest

from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("grep /etc/passwd README.md", NOTHING),
        ("grep -rn /etc src", NOTHING),
        ("grep -e /etc README.md", NOTHING),
        ("grep x -e /etc", NOTHING),
        ("grep -e x /etc/passwd", {"outside-workspace"}),
        ("grep --regexp=x /etc/passwd", {"outside-workspace"}),
        ("grep -f names.txt /etc/passwd", {"outside-workspace"}),
        ("grep -f /etc/passwd README.md", {"outside-workspace"}),
        ("grep -nf/etc/passwd README.md", {"outside-workspace"}),
        ("grep --exclude-from=/etc/passwd x README.md", {"outside-workspace"}),
        ("grep -n -- x /etc/passwd", {"outside-workspace"}),
        ("grep -R x src", {"followed-links"}),
        ("grep x .env", {"secret-file"}),
        ("rg /etc src", NOTHING),
        ("rg x /etc", {"outside-workspace"}),
        ("rg --files /etc", {"outside-workspace"}),
        ("rg --pre ./x y", {"executing-flag"}),
        ("rg --pre=./x y", {"executing-flag"}),
        ("rg --hostname-bin=./x y", {"executing-flag"}),
        ("rg -z x", {"executing-flag"}),
        ("rg -nz x", {"executing-flag"}),
        ("rg -L x", {"followed-links"}),
        ("rg -f /etc/passwd x", {"outside-workspace"}),
        ("rg -f=/etc/passwd x", {"outside-workspace"}),
        ("rg --ignore-file /etc/passwd x", {"outside-workspace"}),
        ("fd x src", NOTHING),
        ("fd x /etc", {"outside-workspace"}),
        ("fd -x id", {"executing-flag"}),
        ("fd x --exec=id", {"executing-flag"}),
        ("fd -Hx id", {"executing-flag"}),
        ("fd -X id", {"executing-flag"}),
        ("fd --base-directory=/etc x", {"outside-workspace"}),
        ("fd --search-path /etc x", {"outside-workspace"}),
    ],
)
def test_searches_are_judged(command: str, expected: frozenset[str] | set[str], root: Path) -> None:
    assert checks(root, command) == expected
