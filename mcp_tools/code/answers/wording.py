"""Numbers with their words."""

from collections.abc import Iterable


def counted(number: int, word: str, words: str | None = None) -> str:
    """Give a number with its word: `1 place`, `2 places`."""
    return f"{number} {word if number == 1 else words or f'{word}s'}"


def n_files(files: Iterable[str]) -> str:
    """Say how many different files there are."""
    return counted(len(frozenset(files)), "file")
