"""The arguments that commands have in common, by all the names that models know for them."""

import shlex
from typing import Annotated, cast

from pydantic import AliasChoices, BeforeValidator, Field

MAX_TIMEOUT_S = 3600

_MS_PER_S = 1000
_SHELLS = ("sh", "bash", "zsh")
_SECONDS_BELOW = 1000


def _as_line(value: object) -> object:
    """Turn an argument vector, as some models write it, into a shell line."""
    if not isinstance(value, list):
        return value
    words = cast("list[object]", value)
    argv = [word for word in words if isinstance(word, str)]
    if len(argv) != len(words):
        return words
    match argv:
        case [shell, "-c" | "-lc" | "-cl", line] if shell.rpartition("/")[2] in _SHELLS:
            return line
        case _:
            return shlex.join(argv)


def with_seconds(arguments: object) -> object:
    """Give arguments with `timeout_s`, where other tools' names for a time limit were used.

    `timeout_ms` is in milliseconds. `timeout` is that too from 1000 on, and below it seconds: the
    tools that models know differ, and nobody means less than a second, or more than a quarter of
    an hour by a small number.
    """
    if not isinstance(arguments, dict) or "timeout_s" in arguments:
        return cast(object, arguments)
    changed = dict(cast("dict[object, object]", arguments))
    for name, seconds_below in (("timeout_ms", 0), ("timeout", _SECONDS_BELOW)):
        value = changed.get(name)
        if value is None:
            changed.pop(name, None)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            del changed[name]
            is_ms = value >= seconds_below
            changed["timeout_s"] = -(-value // _MS_PER_S) if is_ms else value
            break
    return changed


CommandLine = Annotated[
    str,
    BeforeValidator(_as_line),
    Field(
        min_length=1,
        max_length=100_000,
        description="A shell line for bash, such as `make -j4 && ./check.sh`",
        validation_alias=AliasChoices("command", "cmd", "script"),
    ),
]
"""The field `command`."""

CommandFolder = Annotated[
    str,
    Field(
        min_length=1,
        max_length=4096,
        description="The folder to run in, relative to the workspace root",
        validation_alias=AliasChoices(
            "cwd", "workdir", "working_directory", "workingDirectory", "dir_path", "directory"
        ),
    ),
]
"""The field `cwd`."""

JobId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        description="The job, as `shell` named it",
        examples=["job-1"],
        validation_alias=AliasChoices("job_id", "bash_id", "shell_id", "jobId", "id"),
    ),
]
"""The field `job_id`."""
