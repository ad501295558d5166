"""One side of a merge as what it does to each line of the base."""

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Lines changed, removed and put in; every new line is one that nobody else has."""

    name: str
    changed: frozenset[int]
    removed: frozenset[int]
    added_before: frozenset[int]
    """Numbers of base lines; the number of lines itself stands for the end."""

    def text(self, base: list[str]) -> str:
        """Give this side's version of the base."""
        parts: list[str] = []
        for n, line in enumerate([*base, ""]):
            if n in self.added_before:
                parts.append(f"{self.name} adds {n}\n")
            if n in self.changed:
                parts.append(f"{self.name} changes {n}\n")
            elif n not in self.removed:
                parts.append(line)
        return "".join(parts)

    def touched_with_neighbors(self) -> set[int]:
        """Give the lines that were changed, removed or got a new neighbor, and those beside."""
        touched = self.changed | self.removed | self.added_before
        return {n + step for n in touched for step in (-1, 0, 1)}


def sides(n_lines: int, name: str) -> st.SearchStrategy[Side]:
    """Give sides that do something to a few of the lines."""
    some = st.frozensets(st.integers(0, n_lines - 1), max_size=2)
    return st.builds(
        _side, st.just(name), some, some, st.frozensets(st.integers(0, n_lines), max_size=2)
    )


def _side(
    name: str, changed: frozenset[int], removed: frozenset[int], added: frozenset[int]
) -> Side:
    return Side(name=name, changed=changed - removed, removed=removed, added_before=added)
