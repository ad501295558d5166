"""Which program formats which files.

Only programs that read standard input, take settings as data, and start nothing that a
repository brings along. So there is no prettier: its settings are programs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

MakeArguments: TypeAlias = Callable[[Path, tuple[Path, ...]], tuple[str, ...]]
"""Takes the file, and the settings found above it, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatter:
    """A program that prints formatted what it reads."""

    program: str
    suffixes: frozenset[str]
    arguments: MakeArguments
    settings: tuple[str, ...] = ()
    """Names of settings files that are named to it, because it looks for them elsewhere."""


def formatter_of(path: Path) -> Formatter | None:
    """Give the formatter of a file's language other than Python; None if none is known."""
    return next((each for each in _FORMATTERS if path.suffix in each.suffixes), None)


def _gofmt(path: Path, settings: tuple[Path, ...]) -> tuple[str, ...]:
    del path, settings
    return ()


def _rustfmt(path: Path, settings: tuple[Path, ...]) -> tuple[str, ...]:
    del path
    named = (f"--config-path={settings[0]}",) if settings else ()
    return ("--quiet", "--emit=stdout", "--edition=2021", *named)


def _shfmt(path: Path, settings: tuple[Path, ...]) -> tuple[str, ...]:
    del settings
    return (f"--filename={path}",)


def _clang_format(path: Path, settings: tuple[Path, ...]) -> tuple[str, ...]:
    del settings
    return (f"--assume-filename={path}",)


_FORMATTERS = (
    Formatter(program="gofmt", suffixes=frozenset({".go"}), arguments=_gofmt),
    Formatter(
        program="rustfmt",
        suffixes=frozenset({".rs"}),
        arguments=_rustfmt,
        settings=("rustfmt.toml", ".rustfmt.toml"),
    ),
    Formatter(program="shfmt", suffixes=frozenset({".sh", ".bash"}), arguments=_shfmt),
    Formatter(
        program="clang-format",
        suffixes=frozenset({".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".proto"}),
        arguments=_clang_format,
    ),
)
