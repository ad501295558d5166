"""A scope as words, for the programs that stand between us and the command.

These programs must start quickly, and so import little: a plan is a list of pairs, `name value`, up
to `--`; the command follows.
"""

from collections.abc import Sequence


class Plan:
    """What the words said."""

    def __init__(self, words: Sequence[str]) -> None:
        """Take the words. Raises: ValueError if there is no `--` where one is due."""
        end = words.index("--")
        self._values: dict[str, list[str]] = {}
        for name, value in zip(words[:end:2], words[1:end:2], strict=True):
            self._values.setdefault(name, []).append(value)
        self.command = list(words[end + 1 :])

    def one(self, name: str) -> str:
        """Give the value of a name that has one. Raises: KeyError."""
        return self._values[name][-1]

    def each(self, name: str) -> list[str]:
        """Give all values of a name, in order."""
        return self._values.get(name, [])

    @property
    def channel_fd(self) -> int:
        """Give the descriptor of the channel."""
        return int(self.one("channel"))
