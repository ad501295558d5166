"""Names that touch the outside world, each with the side that it touches."""

from enum import StrEnum


class Effect(StrEnum):
    """A side of the outside world."""

    DISK = "disk"
    PROCESS = "process"
    NETWORK = "network"
    ENVIRONMENT = "environment"
    CLOCK = "clock"


def side(effect: Effect, names: str) -> dict[str, Effect]:
    """Give a table of names, all of one side."""
    return dict.fromkeys(names.split(), effect)


MODULES = {
    "aiohttp": Effect.NETWORK,
    "ftplib": Effect.NETWORK,
    "glob": Effect.DISK,
    "http.client": Effect.NETWORK,
    "http.server": Effect.NETWORK,
    "httpcore2": Effect.NETWORK,
    "httpx": Effect.NETWORK,
    "httpx2": Effect.NETWORK,
    "multiprocessing": Effect.PROCESS,
    "platformdirs": Effect.ENVIRONMENT,
    "pty": Effect.PROCESS,
    "requests": Effect.NETWORK,
    "shutil": Effect.DISK,
    "smtplib": Effect.NETWORK,
    "socket": Effect.NETWORK,
    "socketserver": Effect.NETWORK,
    "sqlite3": Effect.DISK,
    "subprocess": Effect.PROCESS,
    "tempfile": Effect.DISK,
    "urllib.request": Effect.NETWORK,
    "watchfiles": Effect.DISK,
}

CALLS = {
    "asyncio.create_subprocess_exec": Effect.PROCESS,
    "asyncio.create_subprocess_shell": Effect.PROCESS,
    "asyncio.open_connection": Effect.NETWORK,
    "asyncio.open_unix_connection": Effect.NETWORK,
    "asyncio.start_server": Effect.NETWORK,
    "asyncio.start_unix_server": Effect.NETWORK,
    "date.today": Effect.CLOCK,
    "datetime.date.today": Effect.CLOCK,
    "datetime.datetime.now": Effect.CLOCK,
    "datetime.datetime.utcnow": Effect.CLOCK,
    "datetime.now": Effect.CLOCK,
    "datetime.utcnow": Effect.CLOCK,
    "io.open": Effect.DISK,
    "open": Effect.DISK,
    "Path.cwd": Effect.ENVIRONMENT,
    "Path.home": Effect.ENVIRONMENT,
    "pathlib.Path.cwd": Effect.ENVIRONMENT,
    "pathlib.Path.home": Effect.ENVIRONMENT,
    "time.ctime": Effect.CLOCK,
    "time.localtime": Effect.CLOCK,
    "time.monotonic": Effect.CLOCK,
    "time.perf_counter": Effect.CLOCK,
    "time.sleep": Effect.CLOCK,
    "time.strftime": Effect.CLOCK,
    "time.time": Effect.CLOCK,
    "time.time_ns": Effect.CLOCK,
}

OS_NAMES = {
    **side(
        Effect.DISK,
        """
        access chmod chown fdopen fsync ftruncate link listdir lstat makedirs mkdir open read
        readlink remove removedirs rename renames replace rmdir scandir stat symlink truncate
        unlink utime walk write
        """,
    ),
    **side(
        Effect.PROCESS,
        """
        execl execle execlp execv execve execvp fork forkpty kill killpg popen posix_spawn
        spawnl spawnv startfile system
        """,
    ),
    **side(
        Effect.ENVIRONMENT, "chdir environ environb getcwd getenv getlogin putenv unsetenv uname"
    ),
}
OS_PATH_NAMES = {
    **side(Effect.DISK, "exists getmtime getsize isdir isfile islink lexists realpath samefile"),
    **side(Effect.ENVIRONMENT, "expanduser expandvars"),
}

PATH_METHODS = {
    **side(
        Effect.DISK,
        """
        hardlink_to is_symlink iterdir lstat read_bytes read_text readlink rglob symlink_to touch
        unlink write_bytes write_text
        """,
    ),
    "expanduser": Effect.ENVIRONMENT,
}
"""Methods that only a Path has: flagged whatever they are called on."""

SHARED_METHODS = side(
    Effect.DISK,
    "chmod exists glob is_dir is_file mkdir open rename resolve rmdir samefile stat walk",
)
"""Methods that others have too: flagged when what they are called on is named like a path."""

PATH_WORDS = ("path", "file", "folder", "directory", "home")
