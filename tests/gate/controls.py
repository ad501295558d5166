"""Lines with effects that are known: whoever records must see each, or sees nothing at all."""

from collections.abc import Iterator

from tests.gate.recorder import Run, record
from tests.gate.workspace import CANARY, Gate

CONTROLS = {
    "touch written": "exec",
    "./tool": "exec",
    "ls | xargs ./tool": "exec",
    "(./tool)": "exec",
    "ls > written": "open",
    "ls >> a.py": "open",
    "sort b.txt -o written": "open",
    "sed -n 'w written' b.txt": "open",
    "sed -i s/a/b/ a.py": "open",
    "find . -name b.txt -delete": "unlink",
    "find . -fprint written": "open",
    "exec 3<>/dev/tcp/127.0.0.1/9": "connect",
    "exec 3<>/dev/udp/127.0.0.1/9": "connect",
    "kill -0 1": "kill",
    "git tag written": "open",
    "git -C planted status": "exec",
    "cat leak": CANARY,
    "cat ../outside/secret": CANARY,
    "cat src/main.py": "",
    "ls | sort | head -n 1 2>/dev/null": "",
    "git status": "",
    "timeout 1 cat a.py": "",
}
"""By line: what its effect begins with, what it shows, or nothing where it only reads."""

PROGRAMS = "bash ls cat sort sed find git xargs timeout head"


def blind_spots(gate: Gate) -> Iterator[str]:
    """Give each control that is not recorded as it should be."""
    for line, expected in CONTROLS.items():
        shown = _shown(gate, line)
        is_right = expected in shown if expected else not shown
        if not is_right:
            yield f"{line!r}: expected {expected or 'nothing'!r}, recorded {shown!r}"


def _shown(gate: Gate, line: str) -> str:
    shell = gate.world.program("bash", gate.root)
    assert shell is not None
    programs = (gate.world.program(name, gate.root) for name in PROGRAMS.split())
    run = Run(
        argv=(f"{shell}", "--noprofile", "--norc", "-c", line),
        cwd=gate.root,
        environment=gate.environment,
        programs=frozenset(f"{gate.world.real(path)}" for path in programs if path is not None),
        index=gate.root / ".git/index",
    )
    recorded = record(run)
    canary = CANARY if CANARY.encode() in recorded.output else ""
    return "; ".join((*recorded.effects, canary)) if recorded.effects or canary else ""
