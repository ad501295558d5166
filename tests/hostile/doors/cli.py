"""The command line, and an agent that was talked into all, with nobody to ask."""

import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.hostile.calls import reading, running
from tests.hostile.nest import PYTHON, Nest

COMMANDS: Sequence[Sequence[str]] = (
    ("refs", "greet"),
    ("map",),
    ("fix", "a.py", "--model", "offline"),
)
START: Sequence[Sequence[str]] = (("doctor",), ("symbols", "greet"), ("tools",))


def through_commands(nest: Nest) -> dict[str, str]:
    """Run commands everywhere; give what was said."""
    return _driven(nest, COMMANDS, has_agent=False)


def through_agent(nest: Nest) -> dict[str, str]:
    """Let a scripted model wish for everything everywhere; give what it and the user were told."""
    return _driven(nest, (), has_agent=True)


def through_starts(nest: Nest) -> dict[str, str]:
    """Start the program anew in each folder; give what was said."""
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(partial(_started, nest), [each.root for each in nest.grounds.values()])
        return dict(zip(nest.grounds, said, strict=True))


def _started(nest: Nest, root: Path) -> str:
    runs = [
        subprocess.run(
            [*PYTHON, "-m", "lsp_agent", *command],
            cwd=root,
            env=nest.environment | {"PATH": f"{root}/node_modules/.bin:{nest.environment['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        for command in START
    ]
    return "".join(str((run.returncode, run.stdout, run.stderr)) for run in runs)


def _driven(nest: Nest, commands: Sequence[Sequence[str]], *, has_agent: bool) -> dict[str, str]:
    places = [
        {
            "name": name,
            "root": str(ground.root),
            "commands": commands,
            "calls": (*reading(ground)[-12:], *running(ground)) if has_agent else (),
        }
        for name, ground in nest.grounds.items()
    ]
    run = subprocess.run(
        [*PYTHON, "-m", "tests.hostile.doors.driver"],
        cwd=nest.folder,
        env=nest.environment,
        input=json.dumps(places),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    said: dict[str, str] = json.loads(run.stdout)
    return said
