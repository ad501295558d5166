"""Facts as bytes and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.index.packing import Unreadable, pack, sealed, unpack, unsealed
from mcp_tools.index.python.extraction import extract

TEXT = 'class A(B):\n    """é"""\n    def f(self, x: int = 1): return self.y\n\n__all__ = ["A"]\n'


def test_unpacked_facts_are_the_packed_ones() -> None:
    facts = extract(TEXT)
    again = unpack(pack(facts))
    assert again == facts
    assert list(again.starts) == list(facts.starts)
    assert list(again.occurrences("f")) == list(facts.occurrences("f"))


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\0\0", b"\x90\x93", b"garbage of some length"])
def test_other_bytes_are_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(data)


@given(st.data())
def test_damaged_bytes_are_unreadable(data: st.DataObject) -> None:
    packed = bytearray(pack(extract(TEXT)))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        unpack(bytes(packed))


def test_bytes_cut_short_are_unreadable() -> None:
    packed = pack(extract(TEXT))
    for end in (0, 3, 4, 10, len(packed) - 1):
        with pytest.raises(Unreadable):
            unpack(packed[:end])


def test_sealed_bytes_come_back_and_damaged_ones_do_not() -> None:
    assert bytes(unsealed(sealed(b"abc"))) == b"abc"
    assert bytes(unsealed(sealed(b""))) == b""
    for data in (b"", b"abc", sealed(b"abc")[:-1], sealed(b"abc") + b"d"):
        with pytest.raises(Unreadable):
            unsealed(data)
