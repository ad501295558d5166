"""How many requests a principal may send."""

from mcp_tools.server.http.rates import Rates


def test_a_bucket_is_emptied_and_fills_up_again() -> None:
    now = 0.0
    rates = Rates(per_s=2, burst=3, clock=lambda: now)

    assert [rates.wait_s("a") for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    now = 1.0
    assert [rates.wait_s("a") for _ in range(3)] == [0, 0, 0.5]
    now = 1000.0
    assert [rates.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_one_principal_takes_nothing_from_another() -> None:
    rates = Rates(per_s=1, burst=1, clock=lambda: 0.0)

    assert [rates.wait_s(name) for name in ("a", "b", "a", "b")] == [0, 0, 1, 1]
