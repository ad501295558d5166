"""What a person reads before they trust a folder."""

from pathlib import Path

from lsp_agent.permissions.levels import Trust
from lsp_agent.trust.powers import Power, PowerKind
from lsp_agent.trust.store import TrustView
from lsp_agent.trust.telling import MAX_POWERS, advice, lines_of, question


def power(name: str, problem: str = "") -> Power:
    return Power(kind=PowerKind.HOOKS, name=name, definition="", problem=problem)


def view(trust: Trust, *powers: Power, changed: tuple[Power, ...] = ()) -> TrustView:
    return TrustView(trust=trust, reason="why", powers=powers, changed=changed)


def test_each_power_is_told_with_its_state() -> None:
    on, new, broken = power("on"), power("new"), power("broken", "it is a link")
    told = view(Trust.TRUSTED, on, new, broken, changed=(new, broken))
    assert list(lines_of(told, Path("/w"))) == [
        "/w: trusted (why)",
        "  hooks: on (on)",
        "  hooks: new (off: new, or changed since you trusted it)",
        "  hooks: broken (off: it is a link)",
    ]
    assert "switches it on" in advice(told)


def test_nothing_is_on_in_an_untrusted_folder() -> None:
    told = view(Trust.UNTRUSTED, power("a"))
    assert list(lines_of(told, Path("/w")))[1] == "  hooks: a (off)"
    assert advice(told)


def test_there_is_nothing_to_do_where_all_that_can_be_is_on() -> None:
    broken = power("broken", "it is a link")
    assert advice(view(Trust.TRUSTED, broken, changed=(broken,))) == ""


def test_names_cannot_mislead() -> None:
    told = view(Trust.UNTRUSTED, power("a\u202eb\nc"))
    assert list(lines_of(told, Path("/w")))[1] == "  hooks: a<U+202E>b<U+000A>c (off)"
    assert question(Path("/w\u200b")) == "Do you trust what is in /w<U+200B>?"


def test_a_long_list_is_cut_with_a_mark() -> None:
    told = view(Trust.UNTRUSTED, *(power(f"{n}") for n in range(MAX_POWERS + 3)))
    assert list(lines_of(told, Path("/w")))[-1] == "  and 3 more"
