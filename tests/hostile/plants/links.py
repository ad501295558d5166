"""Links and settings that lead out: what is outside must get into no answer."""

import os

from tests.hostile.plant import Ground, Plant, plant

KEY = {"@OUTSIDE@/.ssh/id": "@SECRET@ is the key\n"}
MODULE = {"@OUTSIDE@/.ssh/id.py": '"""@SECRET@"""\nTOKEN = "@SECRET@"\n\ndef key(): ...\n'}
AT_KEY = "link to @OUTSIDE@/.ssh/id"


def _row(name: str, files: dict[str, str]) -> Plant:
    return plant(name, "rows 34, 35, 44: links that lead out", {**KEY, **MODULE, **files})


def _pipe(ground: Ground) -> None:
    os.mkfifo(ground.root / "b.py")
    os.mkfifo(ground.root / "ruff.toml")


PLANTS = (
    _row("link-to-file", {"notes.txt": AT_KEY, "README.md": AT_KEY}),
    _row("link-to-module", {"b.py": "link to @OUTSIDE@/.ssh/id.py"}),
    _row("link-to-folder", {"vendor": "link to @OUTSIDE@/.ssh"}),
    _row("link-to-environment", {".venv": "link to @OUTSIDE@/.ssh", "venv": "link to @OUTSIDE@"}),
    _row("link-as-ours", {".lsp-agent": "link to @OUTSIDE@/.ssh"}),
    _row("link-as-settings", {"ruff.toml": AT_KEY}),
    _row("link-as-project", {"pyproject.toml": AT_KEY}),
    _row("link-as-ignore", {".gitignore": AT_KEY, ".rgignore": AT_KEY, ".ignore": AT_KEY}),
    _row("link-of-links", {"one": "link to two", "two": "link to one", "b.py": "link to one"}),
    _row("ruff-extends", {"ruff.toml": 'extend = "@OUTSIDE@/.ssh/id"\n'}),
    _row(
        "ruff-extends-in-project", {"pyproject.toml": '[tool.ruff]\nextend = "@OUTSIDE@/.ssh/id"\n'}
    ),
    plant("pipes", "files that never end", {}, "", _pipe),
)
