"""What the standard library has, read without importing it."""

import pytest

from lsp_agent.models.offline.canonical import CANONICAL_HOMES
from lsp_agent.models.offline.stubs import has_name, homes, is_module


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        ("Decimal", ("decimal",)),
        ("ThreadPoolExecutor", ("concurrent.futures",)),
        ("TestCase", ("unittest",)),
        ("sleep", ("asyncio", "time")),
        ("Frobnicator", ()),
    ],
)
def test_a_name_is_found_where_it_is_public(name: str, modules: tuple[str, ...]) -> None:
    assert homes(name) == modules


@pytest.mark.parametrize("name", ["os", "os.path", "concurrent.futures", "tomllib"])
def test_modules_are_known(name: str) -> None:
    assert is_module(name)


@pytest.mark.parametrize("name", ["_thread", "this", "numpy", "os.nothing", ""])
def test_other_names_are_no_modules(name: str) -> None:
    assert not is_module(name)


def test_every_canonical_home_has_its_name() -> None:
    missing = [f"{m}.{name}" for name, m in CANONICAL_HOMES.items() if not has_name(m, name)]
    assert not missing
