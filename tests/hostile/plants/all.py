"""All hostile repositories."""

from tests.hostile.plant import Plant
from tests.hostile.plants import git, links, ours, python, tools

PLANTS: tuple[Plant, ...] = (
    *git.PLANTS,
    *python.PLANTS,
    *tools.PLANTS,
    *ours.PLANTS,
    *links.PLANTS,
)
