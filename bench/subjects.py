"""Definitions to ask about, found by text alone, so that no server has a part in the choice."""

import random
import re
from collections import Counter
from pathlib import Path

from bench.agreement import Place, Subject

N_LEAST, N_MOST = 2, 200
"""In how many files a name stands; outside of this nobody asks for all its places."""
_NAME = re.compile(r"[A-Za-z_]\w*")
_DEFINITION = re.compile(r"^(?: {4})?(?:async )?(def|class) ([A-Za-z_]\w*)", re.MULTILINE)


def pick_subjects(root: Path, n_subjects: int, seed: int) -> tuple[Subject, ...]:
    """Pick definitions by chance, each of another name; equal seeds give equal ones."""
    texts = _texts(root)
    counts = Counter(name for text in texts.values() for name in set(_NAME.findall(text)))
    chance = random.Random(seed)
    files = sorted(texts)
    chance.shuffle(files)
    picked: dict[str, Subject] = {}
    for file in files:
        found = [match for match in _DEFINITION.finditer(texts[file]) if _is_asked(match, counts)]
        if found and len(picked) < n_subjects:
            match = chance.choice(found)
            picked.setdefault(match[2], _subject(file, texts[file], match))
    return tuple(picked.values())


def find_subject(root: Path, file: str, name: str) -> Subject:
    """Give the first definition of a name in a file.

    Raises: ValueError if there is none.
    """
    text = (root / file).read_text(encoding="utf-8")
    for match in _DEFINITION.finditer(text):
        if match[2] == name:
            return _subject(file, text, match)
    raise ValueError(f"{file!r} does not define {name!r}")


def _texts(root: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in root.rglob("*.py"):
        try:
            texts[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
    return texts


def _is_asked(match: re.Match[str], counts: Counter[str]) -> bool:
    return not match[2].startswith("__") and N_LEAST <= counts[match[2]] <= N_MOST


def _subject(file: str, text: str, match: re.Match[str]) -> Subject:
    start = match.start(2)
    line_start = text.rfind("\n", 0, start) + 1
    place = Place(file, text.count("\n", 0, start), start - line_start)
    return Subject("class" if match[1] == "class" else "function", match[2], place)
