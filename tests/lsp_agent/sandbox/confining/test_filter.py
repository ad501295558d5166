"""The filter of system calls, worked through by hand."""

import pytest

from lsp_agent.sandbox.confining.filter import MACHINES, steps_for

_ALLOWED, _NOT_THERE, _NO_FAMILY = 0x7FFF0000, 0x00050000 | 38, 0x00050000 | 97


def verdict(machine: str, call: int, argument: int = 0, *, number: int | None = None) -> int:
    """Give what the filter says of a call."""
    data = {0: call, 4: MACHINES[machine][0] if number is None else number, 16: argument}
    steps, at, loaded = steps_for(machine), 0, 0
    while True:
        code, if_true, if_false, value = steps[at]
        if code == 0x06:
            return value
        if code == 0x20:
            loaded = data[value]
        else:
            at += if_true if (loaded == value if code == 0x15 else loaded >= value) else if_false
        at += 1


@pytest.mark.parametrize("machine", MACHINES)
def test_named_calls_seem_not_to_be_there(machine: str) -> None:
    calls = MACHINES[machine][1]
    for name, call in calls.items():
        if name != "socket":
            assert verdict(machine, call) == _NOT_THERE
            assert verdict(machine, call + 0x40000000) == _NOT_THERE
    assert verdict(machine, 1) == _ALLOWED
    assert verdict(machine, 1, number=0x40000003) == _NOT_THERE


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("family", "is_allowed"),
    [(1, True), (2, True), (10, True), (16, True), (17, False), (38, False), (40, False)],
)
def test_sockets_are_of_four_families(machine: str, family: int, *, is_allowed: bool) -> None:
    call = MACHINES[machine][1]["socket"]
    assert verdict(machine, call, family) == (_ALLOWED if is_allowed else _NO_FAMILY)
