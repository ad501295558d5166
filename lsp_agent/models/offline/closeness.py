"""Whether one name is a slip of the fingers for another.

Stricter than a distance: two names that differ in a whole word (`min_value`, `max_value`), in a
number (`item1`, `item2`) or in a plural are different names, however few letters differ.
"""

import re
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
"""The words of `snake_case` and `CamelCase` names."""
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONG_WORD = 6
"""From this length on, two slips in one word are still recognizable."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """Give the one name of `known` that `name` is a slip for, None if it is not one."""
    best: list[str] = []
    best_rank = (_LONG_WORD, True)
    for other in sorted(set(known)):
        distance = slip_distance(name, other)
        if distance is None:
            continue
        # Of `action` and `Action`, one is as far from `lction` but of another kind.
        rank = (distance, name[0].isupper() != other[0].isupper())
        if rank < best_rank:
            best, best_rank = [], rank
        if rank == best_rank:
            best.append(other)
    return best[0] if len(best) == 1 else None


def slip_distance(name: str, other: str) -> int | None:
    """Give how many slips turn `other` into `name`, None if it is another name.

    A slip is a letter too many, too few, wrong, or swapped with its neighbor.
    Source: Damerau 1964, "A technique for computer detection and correction of spelling errors".
    """
    if name == other or not name or not other:
        return None
    limit = 2 if min(len(name), len(other)) >= _LONG_WORD else 1
    distance = DamerauLevenshtein.distance(name, other, score_cutoff=limit)
    if distance > limit or re.sub(r"\D", "", name) != re.sub(r"\D", "", other):
        return None
    if name.replace("_", "").casefold() == other.replace("_", "").casefold():
        return distance if len(name) > 1 else None
    return distance if _is_slip(name, other, distance) else None


def is_swap(name: str, other: str) -> bool:
    """Tell whether the names have the same letters in another order."""
    return name != other and sorted(name) == sorted(other)


def _is_slip(name: str, other: str, distance: int) -> bool:
    words, other_words = _WORD.findall(name), _WORD.findall(other)
    if len(words) != len(other_words):
        return distance == 1 and min(len(name), len(other)) >= _LONG_WORD
    pairs = [(a.lower(), b.lower()) for a, b in zip(words, other_words, strict=True)]
    # The words that are the same speak for the one that is not.
    n_sure = 5 if len(pairs) > 1 else 6
    return all(a == b or _is_word_slip(a, b, n_sure=n_sure) for a, b in pairs)


def _is_word_slip(word: str, other: str, *, n_sure: int) -> bool:
    shorter = min(len(word), len(other))
    if word + "s" == other or other + "s" == word:
        return False
    if is_swap(word, other):
        return shorter > 2
    distance = DamerauLevenshtein.distance(word, other)
    if shorter < 3 or max(len(word), len(other)) < 4:
        return False
    if distance > 1:
        return shorter >= _LONG_WORD
    if len(word) != len(other) or len(word) >= _LONG_WORD:
        return True
    # A short word is soon another word; a slip hits a neighboring key, and rarely at once.
    return word[0] == other[0] and (len(word) >= n_sure or _is_neighboring_key(word, other))


def _is_neighboring_key(word: str, other: str) -> bool:
    wrong, right = next((a, b) for a, b in zip(word, other, strict=True) if a != b)
    places = [_key_place(wrong), _key_place(right)]
    if None in places:
        return False
    (row, column), (other_row, other_column) = (place for place in places if place is not None)
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def _key_place(letter: str) -> tuple[int, int] | None:
    for row, keys in enumerate(_KEY_ROWS):
        if letter in keys:
            return row, keys.index(letter)
    return None
