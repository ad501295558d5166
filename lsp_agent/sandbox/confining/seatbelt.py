"""Walls on macOS, by its own `sandbox-exec`.

Commands run in a copy of the workspace there, so the profile keeps them from the real one. Limits
of memory and of the number of processes are not set.
"""

from dataclasses import dataclass
from pathlib import Path

from lsp_agent.sandbox.confining.scope import Scope

PROGRAM = "/usr/bin/sandbox-exec"


@dataclass(frozen=True, slots=True)
class Seatbelt:
    """Builds walls with `sandbox-exec`; implements Confinement."""

    name: str = "sandbox-exec"

    def missing(self) -> str:
        """Say what it lacks on this machine."""
        return "" if Path(PROGRAM).exists() else f"{PROGRAM} is missing"

    def wrap(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Give the words that run a command inside the walls."""
        temporary = scope.private / "scratch"
        temporary.mkdir(mode=0o700, exist_ok=True)
        profile = profile_of(scope, temporary)
        return (PROGRAM, "-p", profile, "/usr/bin/env", f"TMPDIR={temporary}", *argv)


def profile_of(scope: Scope, temporary: Path) -> str:
    """Give the rules; of two that fit, the later one holds."""
    hidden = "\n".join(f"  (subpath {_quoted(path)})" for path in scope.places.hidden)
    return f"""(version 1)
(allow default)
(deny network*)
(allow network* (local ip "localhost:*"))
(deny network-outbound (remote ip "*:*"))
(deny signal)
(allow signal (target same-sandbox))
(deny process-info* (target others))
(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.pasteboard.1"))
(deny appleevent-send)
(deny file-write*)
(deny file-read* file-write*
  (subpath {_quoted(scope.root)})
{hidden})
(allow file-read* file-write*
  (subpath {_quoted(scope.shown)})
  (subpath {_quoted(temporary)}))
(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty"))
"""


def _quoted(path: Path) -> str:
    text = str(path)
    if not text.isprintable():
        raise ValueError(f"{text!r} cannot be written in a profile")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
