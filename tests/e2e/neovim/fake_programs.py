"""Programs that only say which version of Neovim they are."""

from pathlib import Path


def write_program(path: Path, version: str) -> Path:
    """Write a program that calls itself Neovim of that version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho NVIM v{version}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
