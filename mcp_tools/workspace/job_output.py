"""What a command printed, bounded: the start and the end of it, and how much is missing."""

from collections import deque
from collections.abc import MutableSequence

_PIECE_CHARS = 4096


class JobOutput:
    """Text that only grows, of which the start and the end are kept.

    Offsets count the characters since the start, whether they are still kept or not.
    """

    def __init__(self, n_chars: int) -> None:
        """Keep at most so many characters, half of them from the start."""
        self._half = n_chars // 2
        self._head: list[str] = []
        self._n_head = 0
        self._tail: deque[str] = deque()
        self._n_tail = 0
        self._end = 0

    @property
    def end(self) -> int:
        """How much was printed in all."""
        return self._end

    @property
    def n_kept(self) -> int:
        """How much of it is kept."""
        return self._n_head + self._n_tail

    def add(self, text: str) -> None:
        """Take what was printed next."""
        self._end += len(text)
        n_head = min(self._half - self._n_head, len(text))
        if n_head:
            _append(self._head, text[:n_head])
            self._n_head += n_head
        if rest := text[n_head:]:
            _append(self._tail, rest)
            self._n_tail += len(rest)
        while self._tail and self._n_tail - len(self._tail[0]) >= self._half:
            self._n_tail -= len(self._tail.popleft())

    def since(self, offset: int) -> str:
        """Give what was printed from `offset` on; a line in it says what is not kept."""
        # Pieces are dropped whole, so there may be more of the end than is promised.
        tail_start = self._end - min(self._n_tail, self._half)
        tail = "".join(self._tail)[self._n_tail - self._end + max(offset, tail_start) :]
        if offset >= tail_start:
            return tail
        head = "".join(self._head)[offset:]
        n_missing = tail_start - max(offset, self._n_head)
        gap = f"\n[... {n_missing} characters are not kept ...]\n" if n_missing > 0 else ""
        return f"{head}{gap}{tail}"


def _append(pieces: MutableSequence[str], text: str) -> None:
    """Add a text, to the last piece while that is short: a list of letters would be large."""
    if pieces and len(pieces[-1]) < _PIECE_CHARS:
        pieces[-1] += text
    else:
        pieces.append(text)
